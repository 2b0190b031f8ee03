//! The tables as the query builder knows them; a test compares them with the migrated database.

diesel::table! {
    tenants (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        kind -> Text,
        time_zone -> Text,
        currency -> Text,
        created_at -> Timestamptz,
        status -> Text,
        trial_ends_at -> Nullable<Timestamptz>,
        max_users -> Nullable<Int4>,
        max_storage_bytes -> Nullable<Int8>,
        used_storage_bytes -> Int8,
        tier -> Nullable<Text>,
        second_language_name -> Nullable<Text>,
        contact_email -> Nullable<Text>,
        contact_phone -> Nullable<Text>,
        address_line_1 -> Nullable<Text>,
        address_line_2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip_code -> Nullable<Text>,
        country -> Nullable<Text>,
        website -> Nullable<Text>,
        registration_policy -> Text,
        second_factor_roles -> Array<Text>,
        logo_key -> Nullable<Text>,
        logo_type -> Nullable<Text>,
        logo_bytes -> Nullable<Int8>,
        version -> Int8,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        password_hash -> Text,
        first_name -> Text,
        last_name -> Text,
        state -> Text,
        failed_logins -> Int4,
        locked_until -> Nullable<Timestamptz>,
        last_login_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        phone -> Nullable<Text>,
        bio -> Nullable<Text>,
        job_title -> Nullable<Text>,
        department -> Nullable<Text>,
        language -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        profile_version -> Int8,
        picture_key -> Nullable<Text>,
        picture_type -> Nullable<Text>,
        picture_bytes -> Nullable<Int8>,
        locks -> Int4,
        lock_untold -> Bool,
        verified_at -> Nullable<Timestamptz>,
        registered_for -> Nullable<Uuid>,
        sort_name -> Text,
    }
}

diesel::table! {
    memberships (tenant_id, user_id) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        member_id -> Nullable<Uuid>,
        joined_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        state -> Text,
        suspended_at -> Nullable<Timestamptz>,
        suspended_for -> Nullable<Text>,
        removed_at -> Nullable<Timestamptz>,
        updated_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    membership_roles (tenant_id, user_id, role) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        tenant_id -> Uuid,
        device -> Nullable<Text>,
        address -> Nullable<Text>,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        alarm_at -> Nullable<Timestamptz>,
        alarm_address -> Nullable<Text>,
        alarm_device -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Bytea,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        spent_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Uuid,
        at -> Timestamptz,
        tenant_id -> Nullable<Uuid>,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        action -> Text,
        target_type -> Text,
        target_id -> Nullable<Uuid>,
        changes -> Jsonb,
        details -> Jsonb,
        request_id -> Text,
        address -> Nullable<Text>,
        device -> Nullable<Text>,
    }
}

diesel::table! {
    email_changes (user_id) {
        user_id -> Uuid,
        email -> Text,
        session_id -> Uuid,
        asked_at -> Timestamptz,
        expires_at -> Timestamptz,
        old_confirmed_at -> Nullable<Timestamptz>,
        new_confirmed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    signups (user_id) {
        user_id -> Uuid,
        name -> Text,
        slug -> Nullable<Text>,
        kind -> Text,
        time_zone -> Text,
        currency -> Text,
        asked_at -> Timestamptz,
    }
}

diesel::table! {
    mail_tokens (user_id, purpose) {
        user_id -> Uuid,
        purpose -> Text,
        hash -> Bytea,
        payload -> Nullable<Text>,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    number_sequences (tenant_id, kind, year) {
        tenant_id -> Uuid,
        kind -> Text,
        year -> Int2,
        last -> Int4,
    }
}

diesel::table! {
    outbox (id) {
        id -> Uuid,
        tenant_id -> Nullable<Uuid>,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        created_at -> Timestamptz,
        due_at -> Timestamptz,
        attempts -> Int4,
        leased_until -> Nullable<Timestamptz>,
        sent_at -> Nullable<Timestamptz>,
        given_up_at -> Nullable<Timestamptz>,
        html -> Nullable<Text>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    idempotency_keys (tenant_id, user_id, key) {
        tenant_id -> Uuid,
        user_id -> Uuid,
        key -> Text,
        fingerprint -> Bytea,
        status -> Int2,
        headers -> Jsonb,
        body -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    unkept_files (key) {
        key -> Text,
        tenant_id -> Uuid,
        due_at -> Timestamptz,
        upload -> Nullable<Text>,
    }
}

diesel::table! {
    second_factors (user_id) {
        user_id -> Uuid,
        sealed_secret -> Bytea,
        sealed_by -> Text,
        begun_at -> Timestamptz,
        confirmed_at -> Nullable<Timestamptz>,
        last_step -> Nullable<Int8>,
        covers_password -> Bool,
    }
}

diesel::table! {
    invitations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        email -> Text,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        job_title -> Nullable<Text>,
        message -> Nullable<Text>,
        member_id -> Nullable<Uuid>,
        roles -> Array<Text>,
        role_expiries -> Array<Timestamptz>,
        invited_by -> Uuid,
        token_hash -> Bytea,
        state -> Text,
        sent_at -> Timestamptz,
        expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        accepted_by -> Nullable<Uuid>,
        canceled_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    recovery_codes (user_id, hash) {
        user_id -> Uuid,
        hash -> Bytea,
    }
}

diesel::table! {
    trusted_devices (id) {
        id -> Uuid,
        user_id -> Uuid,
        hash -> Bytea,
        label -> Nullable<Text>,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    sign_in_challenges (hash) {
        hash -> Bytea,
        user_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        attempts -> Int4,
    }
}

diesel::table! {
    benevolence_applications (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        year -> Int2,
        place -> Int4,
        member_id -> Uuid,
        filed_by -> Nullable<Uuid>,
        application_date -> Date,
        reason -> Text,
        description -> Text,
        amount_requested -> Int8,
        notes -> Nullable<Text>,
        status -> Text,
        review_level -> Nullable<Text>,
        last_level -> Nullable<Text>,
        question -> Nullable<Text>,
        status_reason -> Nullable<Text>,
        awarded_amount -> Nullable<Int8>,
        awarded_on -> Nullable<Date>,
        paid_amount -> Nullable<Int8>,
        since -> Timestamptz,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        by_member -> Bool,
    }
}

diesel::table! {
    benevolence_reviews (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        application_id -> Uuid,
        level -> Text,
        reviewer_id -> Uuid,
        reviewer_member_id -> Nullable<Uuid>,
        decision -> Text,
        amount -> Nullable<Int8>,
        words -> Nullable<Text>,
        comments -> Nullable<Text>,
        reviewed_at -> Timestamptz,
    }
}

diesel::table! {
    benevolence_answers (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        application_id -> Uuid,
        level -> Text,
        question -> Text,
        answer -> Text,
        answered_by -> Nullable<Uuid>,
        answered_at -> Timestamptz,
    }
}

diesel::table! {
    benevolence_payments (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        application_id -> Uuid,
        amount -> Int8,
        method -> Text,
        reference -> Text,
        paid_on -> Date,
        paid_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        reversal_reason -> Nullable<Text>,
        reversed_by -> Nullable<Uuid>,
        reversed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    benevolence_unmaskings (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        application_id -> Uuid,
        user_id -> Uuid,
        reason -> Text,
        unmasked_at -> Timestamptz,
    }
}

diesel::table! {
    benevolence_funds (tenant_id) {
        tenant_id -> Uuid,
        deposited -> Int8,
        awarded -> Int8,
        paid -> Int8,
    }
}

diesel::table! {
    benevolence_fund_entries (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        kind -> Text,
        amount -> Int8,
        source -> Text,
        entry_date -> Date,
        recorded_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    benevolence_rules (tenant_id, effective_from) {
        tenant_id -> Uuid,
        effective_from -> Date,
        one_level_below -> Int8,
        two_levels_below -> Int8,
        three_levels_below -> Int8,
        reserve -> Int8,
        cap_per_member -> Nullable<Int8>,
        cap_medical -> Nullable<Int8>,
        cap_death_in_family -> Nullable<Int8>,
        cap_hardship -> Nullable<Int8>,
        cap_disaster -> Nullable<Int8>,
        cap_other -> Nullable<Int8>,
        naming -> Text,
        set_by -> Nullable<Uuid>,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    benevolence_seats (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        level -> Text,
        user_id -> Uuid,
        first_day -> Date,
        end_day -> Nullable<Date>,
        rank -> Int4,
    }
}

diesel::allow_tables_to_appear_in_same_query!(benevolence_relations, memberships);
diesel::allow_tables_to_appear_in_same_query!(benevolence_seats, memberships);

diesel::table! {
    benevolence_relations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        member_id -> Uuid,
        user_id -> Uuid,
        kinship -> Text,
        declared_by -> Nullable<Uuid>,
        declared_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(benevolence_applications, benevolence_payments);
diesel::allow_tables_to_appear_in_same_query!(benevolence_applications, benevolence_reviews);
diesel::joinable!(memberships -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(
    tenants,
    users,
    memberships,
    membership_roles,
    sessions,
    refresh_tokens,
    audit_events,
);

diesel::table! {
    organizations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Text,
        org_type -> Text,
        address -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip_code -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        website -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
        merged_into -> Nullable<Uuid>,
        bare_name -> Text,
        bare_address -> Nullable<Text>,
    }
}

diesel::table! {
    contacts (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        organization_id -> Uuid,
        first_name -> Text,
        last_name -> Text,
        title -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        is_primary -> Bool,
        notes -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    employments (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        member_id -> Uuid,
        organization_id -> Uuid,
        start_date -> Date,
        end_date -> Nullable<Date>,
        job_title -> Nullable<Text>,
        hourly_rate -> Nullable<Int8>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    job_rules (tenant_id) {
        tenant_id -> Uuid,
        max_current_jobs -> Int2,
        hourly_rate_low -> Int8,
        hourly_rate_high -> Int8,
        version -> Int8,
    }
}

diesel::table! {
    members (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        member_number -> Text,
        first_name -> Text,
        last_name -> Text,
        middle_name -> Nullable<Text>,
        address -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip_code -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        date_of_birth -> Nullable<Date>,
        hire_date -> Nullable<Date>,
        status -> Text,
        classification -> Text,
        notes -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    grievances (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        year -> Int2,
        place -> Int4,
        member_id -> Uuid,
        employer_id -> Uuid,
        filed_date -> Date,
        incident_date -> Nullable<Date>,
        contract_article -> Nullable<Text>,
        violation_description -> Text,
        remedy_sought -> Nullable<Text>,
        assigned_representative_id -> Nullable<Uuid>,
        notes -> Nullable<Text>,
        current_step -> Text,
        employer_answer -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        resolution -> Nullable<Text>,
        resolution_date -> Nullable<Date>,
        settlement_amount -> Nullable<Int8>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        agreement_id -> Nullable<Uuid>,
        rules_version -> Nullable<Int8>,
        steward_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    grievance_steps (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        grievance_id -> Uuid,
        step -> Text,
        meeting_date -> Date,
        union_attendees -> Nullable<Text>,
        employer_attendees -> Nullable<Text>,
        notes -> Nullable<Text>,
        outcome -> Text,
        resolution -> Nullable<Text>,
        resolution_date -> Nullable<Date>,
        settlement_amount -> Nullable<Int8>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    salting_activities (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        member_id -> Uuid,
        organization_id -> Uuid,
        activity_type -> Text,
        activity_date -> Date,
        outcome -> Nullable<Text>,
        location -> Nullable<Text>,
        workers_contacted -> Int4,
        cards_signed -> Int4,
        description -> Nullable<Text>,
        notes -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        campaign_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    campaigns (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Text,
        description -> Nullable<Text>,
        lead_id -> Uuid,
        target_date -> Nullable<Date>,
        status -> Text,
        status_reason -> Nullable<Text>,
        started_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    campaign_targets (tenant_id, campaign_id, organization_id) {
        tenant_id -> Uuid,
        campaign_id -> Uuid,
        organization_id -> Uuid,
        unit_size -> Nullable<Int4>,
        cards_goal -> Nullable<Int4>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(campaigns, campaign_targets);

diesel::table! {
    courses (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        code -> Text,
        name -> Text,
        description -> Nullable<Text>,
        course_type -> Text,
        credits -> Int4,
        contact_hours -> Int4,
        passing_grade -> Int4,
        capacity -> Nullable<Int4>,
        is_required -> Bool,
        is_active -> Bool,
        edition -> Int4,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
        sort_code -> Text,
    }
}

diesel::table! {
    course_editions (tenant_id, course_id, edition) {
        tenant_id -> Uuid,
        course_id -> Uuid,
        edition -> Int4,
        name -> Text,
        credits -> Int4,
        contact_hours -> Int4,
        passing_grade -> Int4,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    course_prerequisites (tenant_id, course_id, prerequisite_id) {
        tenant_id -> Uuid,
        course_id -> Uuid,
        prerequisite_id -> Uuid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(courses, course_editions, course_prerequisites);

diesel::table! {
    training_settings (tenant_id) {
        tenant_id -> Uuid,
        on_overlap -> Text,
        late_after_minutes -> Int4,
        left_early_before_minutes -> Int4,
        excused -> Text,
        version -> Int8,
    }
}

diesel::table! {
    classes (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        course_id -> Uuid,
        course_edition -> Int4,
        name -> Text,
        starts_on -> Date,
        ends_on -> Date,
        capacity -> Nullable<Int4>,
        notes -> Nullable<Text>,
        status -> Text,
        status_reason -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    class_sessions (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        class_id -> Uuid,
        series_id -> Nullable<Uuid>,
        session_date -> Date,
        start_time -> Time,
        end_date -> Date,
        end_time -> Time,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        location_id -> Nullable<Uuid>,
        room -> Nullable<Text>,
        instructor_id -> Nullable<Uuid>,
        topic -> Nullable<Text>,
        notes -> Nullable<Text>,
        cancellation_reason -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        sort_room -> Nullable<Text>,
    }
}

diesel::table! {
    salting_scores (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        organization_id -> Uuid,
        version -> Int8,
        score -> Nullable<Int2>,
        reason -> Text,
        notes -> Nullable<Text>,
        set_by -> Nullable<Uuid>,
        set_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(organizations, salting_scores);

diesel::table! {
    rate_windows (key) {
        key -> Bytea,
        step -> Int8,
        counts -> Array<Int4>,
    }
}

diesel::table! {
    known_places (user_id, place) {
        user_id -> Uuid,
        place -> Bytea,
        last_passed_at -> Timestamptz,
        failed_logins -> Int4,
        locks -> Int4,
        locked_until -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(employments, members, organizations);

diesel::table! {
    collective_agreements (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Text,
        effective_from -> Date,
        effective_through -> Nullable<Date>,
        articles -> Jsonb,
        article_texts -> Jsonb,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    collective_agreement_parties (tenant_id, agreement_id, place) {
        tenant_id -> Uuid,
        agreement_id -> Uuid,
        place -> Int2,
        side -> Text,
        name -> Text,
        organization_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    collective_agreement_rule_sets (tenant_id, agreement_id, version) {
        tenant_id -> Uuid,
        agreement_id -> Uuid,
        version -> Int8,
        effective_from -> Date,
        rules -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    holiday_calendars (tenant_id, year, version) {
        tenant_id -> Uuid,
        year -> Int2,
        version -> Int8,
        working_days -> Array<Text>,
        holidays -> Jsonb,
        created_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(collective_agreements, collective_agreement_parties);

diesel::table! {
    grievance_events (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        grievance_id -> Uuid,
        step -> Text,
        kind -> Text,
        happened_on -> Date,
        service -> Text,
        created_at -> Timestamptz,
        recorded_by -> Nullable<Uuid>,
        retracted_at -> Nullable<Timestamptz>,
        retracted_by -> Nullable<Uuid>,
        retracted_for -> Nullable<Text>,
    }
}

diesel::table! {
    deadlines (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        grievance_id -> Uuid,
        agreement_id -> Uuid,
        rules_version -> Int8,
        step -> Text,
        side -> Text,
        duty -> Text,
        due_on -> Date,
        status -> Text,
        state -> Jsonb,
        derivation -> Jsonb,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        entry_sequence -> Int8,
        entry_changed_at -> Nullable<Timestamptz>,
        moved_from -> Nullable<Date>,
        moved_at -> Nullable<Timestamptz>,
        moved_sequence -> Nullable<Int8>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(deadlines, grievances);

diesel::table! {
    deadline_feeds (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        user_id -> Uuid,
        token_hash -> Bytea,
        made_at -> Timestamptz,
        issued_at -> Timestamptz,
        fetched_at -> Nullable<Timestamptz>,
        seen -> Jsonb,
    }
}

diesel::table! {
    deadline_move_notices (tenant_id, deadline_id, user_id, sequence) {
        tenant_id -> Uuid,
        deadline_id -> Uuid,
        user_id -> Uuid,
        sequence -> Int8,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    deadline_warnings (tenant_id, deadline_id, due_on, kind) {
        tenant_id -> Uuid,
        deadline_id -> Uuid,
        due_on -> Date,
        kind -> Text,
        warned_at -> Timestamptz,
    }
}

diesel::table! {
    step_meetings (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        grievance_id -> Uuid,
        step -> Text,
        step_record_id -> Nullable<Uuid>,
        starts_at -> Timestamptz,
        place -> Nullable<Text>,
        notes -> Nullable<Text>,
        state -> Text,
        held_at -> Nullable<Timestamptz>,
        cancel_reason -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    step_meeting_attendees (tenant_id, meeting_id, place) {
        tenant_id -> Uuid,
        meeting_id -> Uuid,
        place -> Int2,
        party -> Text,
        name -> Text,
        role -> Nullable<Text>,
        user_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    step_meeting_statements (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        meeting_id -> Uuid,
        party -> Text,
        made_by -> Text,
        made_at -> Timestamptz,
        statement -> Text,
        corrects_id -> Nullable<Uuid>,
        written_by -> Nullable<Uuid>,
        signed_at -> Nullable<Timestamptz>,
        signed_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    information_requests (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        grievance_id -> Uuid,
        subject -> Text,
        relevance -> Nullable<Text>,
        asked_of -> Nullable<Text>,
        asked_on -> Date,
        first_due_on -> Date,
        asked_by -> Nullable<Uuid>,
        status -> Text,
        due_on -> Date,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    information_request_items (tenant_id, request_id, place) {
        tenant_id -> Uuid,
        request_id -> Uuid,
        place -> Int2,
        wanted -> Text,
    }
}

diesel::table! {
    information_request_entries (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        request_id -> Uuid,
        place -> Int2,
        item -> Nullable<Int2>,
        kind -> Text,
        happened_on -> Date,
        words -> Text,
        due_on -> Nullable<Date>,
        recorded_by -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(grievances, information_requests);

diesel::table! {
    obligations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        grievance_id -> Uuid,
        what -> Text,
        owed_by -> Text,
        owed_to -> Nullable<Text>,
        due_on -> Date,
        amount -> Nullable<Int8>,
        status -> Text,
        status_on -> Nullable<Date>,
        status_words -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(grievances, obligations);

diesel::table! {
    representation_log (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        grievance_id -> Uuid,
        kind -> Text,
        contacted_at -> Nullable<Timestamptz>,
        channel -> Nullable<Text>,
        direction -> Nullable<Text>,
        contacted_by -> Nullable<Text>,
        sent -> Nullable<Text>,
        decided_on -> Nullable<Date>,
        decision -> Nullable<Text>,
        step -> Nullable<Text>,
        words -> Text,
        corrects_id -> Nullable<Uuid>,
        recorded_by -> Nullable<Uuid>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    case_file_jobs (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        grievance_id -> Uuid,
        format -> Text,
        asked_by -> Nullable<Uuid>,
        asked_at -> Timestamptz,
        state -> Text,
        kept_until -> Nullable<Timestamptz>,
        key -> Nullable<Text>,
        attempts -> Int4,
        leased_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    instructors (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        first_name -> Text,
        last_name -> Text,
        email -> Text,
        phone -> Nullable<Text>,
        bio -> Nullable<Text>,
        certification -> Nullable<Text>,
        specialties -> Nullable<Text>,
        rate_type -> Text,
        rate_amount -> Nullable<Int8>,
        engagement -> Text,
        user_id -> Nullable<Uuid>,
        status -> Text,
        tax_id_ending -> Nullable<Text>,
        tax_id_key -> Nullable<Text>,
        tax_id_sealed -> Nullable<Bytea>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    locations (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        name -> Text,
        code -> Nullable<Text>,
        location_type -> Text,
        address_line1 -> Nullable<Text>,
        address_line2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        capacity -> Nullable<Int4>,
        square_feet -> Nullable<Int4>,
        contact_name -> Nullable<Text>,
        contact_phone -> Nullable<Text>,
        contact_email -> Nullable<Text>,
        notes -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    students (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        year -> Int2,
        place -> Int4,
        member_id -> Nullable<Uuid>,
        union_id -> Nullable<Uuid>,
        sent_number -> Nullable<Text>,
        sent_email -> Nullable<Text>,
        sent_phone -> Nullable<Text>,
        first_name -> Text,
        last_name -> Text,
        application_date -> Date,
        expected_completion_date -> Nullable<Date>,
        former_number -> Nullable<Text>,
        emergency_contact_name -> Nullable<Text>,
        emergency_contact_phone -> Nullable<Text>,
        emergency_contact_relationship -> Nullable<Text>,
        notes -> Nullable<Text>,
        status -> Text,
        status_since -> Date,
        enrollment_date -> Nullable<Date>,
        actual_completion_date -> Nullable<Date>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    student_moves (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        student_id -> Uuid,
        from_status -> Nullable<Text>,
        to_status -> Text,
        moved_on -> Date,
        reason -> Nullable<Text>,
        moved_by -> Nullable<Uuid>,
        moved_at -> Timestamptz,
    }
}

diesel::table! {
    cohorts (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        code -> Text,
        name -> Text,
        description -> Nullable<Text>,
        start_date -> Date,
        end_date -> Nullable<Date>,
        location_id -> Nullable<Uuid>,
        capacity -> Nullable<Int4>,
        status -> Text,
        cancellation_reason -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    cohort_instructors (tenant_id, cohort_id, instructor_id) {
        tenant_id -> Uuid,
        cohort_id -> Uuid,
        instructor_id -> Uuid,
        is_primary -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(cohorts, cohort_instructors);

diesel::table! {
    cohort_stays (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        cohort_id -> Uuid,
        student_id -> Uuid,
        joined_on -> Date,
        left_on -> Nullable<Date>,
        left_reason -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(students, cohort_stays);

diesel::table! {
    documents (id) {
        id -> Uuid,
        tenant_id -> Uuid,
        record_type -> Text,
        member_id -> Nullable<Uuid>,
        organization_id -> Nullable<Uuid>,
        grievance_id -> Nullable<Uuid>,
        application_id -> Nullable<Uuid>,
        record_id -> Uuid,
        category -> Text,
        name -> Text,
        title -> Nullable<Text>,
        description -> Nullable<Text>,
        tags -> Array<Text>,
        expires_on -> Nullable<Date>,
        keep_until -> Nullable<Date>,
        hold_reason -> Nullable<Text>,
        held_by -> Nullable<Uuid>,
        held_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        deleted_at -> Nullable<Timestamptz>,
        sort_name -> Text,
    }
}

diesel::table! {
    document_files (tenant_id, document_id, number) {
        tenant_id -> Uuid,
        document_id -> Uuid,
        number -> Int4,
        is_newest -> Bool,
        name -> Text,
        media_type -> Text,
        bytes -> Int8,
        sha256 -> Bytea,
        key -> Text,
        scan -> Text,
        scanned_at -> Nullable<Timestamptz>,
        uploaded_by -> Nullable<Uuid>,
        uploaded_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(documents, document_files);
