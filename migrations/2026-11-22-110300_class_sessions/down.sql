drop table class_sessions;
