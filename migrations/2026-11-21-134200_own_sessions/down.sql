drop index sessions_alarm_idx;
alter table sessions drop column alarm_device;
alter table sessions drop column alarm_address;
alter table sessions drop column alarm_at;
