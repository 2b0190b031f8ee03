drop table training_settings;
