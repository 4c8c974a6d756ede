package dev.filestore.examples.webapp;

import java.nio.file.Path;

/** What the program says when it is ready: where it is, who may come in, and lines to paste into a shell. */
final class Welcome {

    private Welcome() {}

    static String text(String address, String storage, Path sample, String userToken, String adminToken) {
        return """

                FileStore is ready at %1$s%2$s
                %3$s

                The page to look at: %1$s/

                Token of user 123:
                %4$s

                Token of an admin, who may read, presign and delete the files of everybody:
                %5$s

                Both are good for %6$d hours. Paste this into another terminal:

                API=%1$s%2$s
                AUTH='Authorization: Bearer %4$s'

                # upload, and keep the id of the answer
                ID=$(curl -sS -H "$AUTH" -F 'file=@"%7$s"' $API/upload | tee /dev/stderr | sed 's/.*"file_id": *\\([0-9]*\\).*/\\1/')
                # list, and look up
                curl -sS -w '\\n' -H "$AUTH" "$API?category=document&limit=20"
                curl -sS -w '\\n' -H "$AUTH" $API/$ID
                # an address that needs no token, for an hour
                URL=$(curl -sS -H "$AUTH" -H 'Content-Type: application/json' -d '{"file_id": '$ID', "expiration_hours": 1}' $API/presigned-url | tee /dev/stderr | sed 's/.*"presigned_url": *"\\([^"]*\\)".*/\\1/')
                curl -sS -o copy.pdf "$URL"
                # delete
                curl -sS -w '\\n' -X DELETE -H "$AUTH" $API/$ID

                Ctrl-C stops.
                """.formatted(
                address, WebServer.MOUNT, storage, userToken, adminToken, Secrets.TOKEN_LIFETIME.toHours(), sample);
    }

    static String withoutTokens(String address, String storage) {
        return """

                FileStore is ready at %1$s%2$s
                %3$s

                The page to look at: %1$s/

                Tokens are shown only where nobody else can reach the server: sign them with JWT_SECRET (HS256),
                with the user in "sub", the end in "exp", and "admin" in "role" for an admin.
                """.formatted(address, WebServer.MOUNT, storage);
    }
}
