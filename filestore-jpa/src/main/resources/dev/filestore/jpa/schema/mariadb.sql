-- The rows of files, for MariaDB 10.6 and later.
-- The collation is exact: case, accents and trailing spaces count, so that users 'a', 'A' and 'a ' are three.
create table file_uploads (
    id bigint not null auto_increment primary key,
    user_id varchar(255) not null,
    file_key varchar(1024) not null,
    file_key_bytes varbinary(1024) not null,
    original_filename varchar(255) not null,
    file_size bigint not null,
    content_type varchar(255) not null,
    category varchar(32) not null,
    s3_url varchar(4096),
    cdn_url varchar(4096),
    uploaded_at datetime(6) not null,
    expires_at datetime(6),
    state varchar(16) not null,
    version bigint not null,
    due_at datetime(6),
    attempts integer not null,
    sha256 varchar(64),
    pending_events varchar(16) not null,
    object_tag varchar(255),
    constraint file_uploads_file_key unique (file_key_bytes),
    constraint file_uploads_file_key_bytes check (file_key_bytes = cast(file_key as binary))
) engine = InnoDB default character set utf8mb4 collate utf8mb4_nopad_bin;
-- In each of the last three, one range holds what a list or a count of one user's files is of, in the order of the list.
create index file_uploads_due on file_uploads (due_at, id);
create index file_uploads_owner on file_uploads (user_id, state, uploaded_at, id, expires_at);
create index file_uploads_category on file_uploads (user_id, state, category, uploaded_at, id, expires_at);
create index file_uploads_expiry on file_uploads (user_id, state, expires_at);
-- How many rows an owner of many has, of one category or, under the name *, of all.
create table file_counts (
    user_id varchar(255) not null,
    category varchar(32) not null,
    files bigint not null,
    counted_until datetime(6) not null,
    created_at datetime(6) not null,
    primary key (user_id, category)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_nopad_bin;
