-- Takes campaigns back; the activities stay, and belong to none.
alter table salting_activities drop column campaign_id;
drop table campaign_targets;
drop table campaigns;
