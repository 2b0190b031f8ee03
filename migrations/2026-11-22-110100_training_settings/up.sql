-- What a tenant has decided about its school; no row as long as it has decided nothing.

create table training_settings (
    tenant_id uuid not null,
    on_overlap text not null,
    late_after_minutes integer not null,
    left_early_before_minutes integer not null,
    excused text not null,
    version bigint not null,
    constraint training_settings_pkey primary key (tenant_id),
    constraint training_settings_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint training_settings_on_overlap_check check (on_overlap in ('refuse', 'warn')),
    constraint training_settings_late_after_check check (late_after_minutes between 0 and 120),
    constraint training_settings_left_early_check check (left_early_before_minutes between 0 and 120),
    constraint training_settings_excused_check check (excused in ('left_out', 'absent', 'present')),
    constraint training_settings_version_check check (version >= 1)
);

alter table training_settings enable row level security, force row level security;
create policy training_settings_of_tenant on training_settings
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on training_settings to unionhall_runtime;
