-- Takes the search of applications and the words of cases back.
drop function search_ranked(text, boolean, uuid, boolean, boolean, uuid, boolean, uuid, boolean, integer);
drop function search_cases;
drop function cases_search_page;
drop function cases_search_alike;
drop trigger benevolence_applications_gather_words_of_changed on benevolence_applications;
drop trigger benevolence_applications_gather_words_of_new on benevolence_applications;
drop trigger grievances_gather_words_of_changed on grievances;
drop trigger grievances_gather_words_of_new on grievances;
drop function cases_gather_words;
drop table case_words;
drop function f_words_to_mistype;
