revoke update on unkept_files from unionhall_runtime;
alter table unkept_files drop column upload;
drop table document_files;
drop table documents;
drop function documents_keep_held();
drop function documents_match(text, text, text, text[], text);
