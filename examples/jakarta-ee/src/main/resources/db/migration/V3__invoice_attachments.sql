-- A file belongs to one invoice. No foreign key to file_uploads: the row there outlives the bytes, and the sweeper removes it.
create table invoice_attachments (
    invoice_id bigint not null references invoices,
    file_id bigint not null,
    primary key (invoice_id, file_id),
    constraint invoice_attachments_file unique (file_id)
);
