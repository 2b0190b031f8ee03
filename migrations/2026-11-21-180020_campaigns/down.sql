-- Takes campaigns back; the activities stay, and belong to none.
drop index salting_activities_by_merger;
alter table salting_activities drop column campaign_id;
drop table campaign_targets;
drop table campaigns;
