namespace MeshIoT.Coordinator;

/// <summary>
/// The database's shape as a list of steps; <c>PRAGMA user_version</c> says how many have been taken.
/// A step, once shipped, never changes. Times are Unix milliseconds, keys are text, lists are JSON.
/// </summary>
internal static class Schema
{
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE server (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            noise_key TEXT NOT NULL,
            next_node_id INTEGER NOT NULL,
            next_address_index INTEGER NOT NULL,
            next_auth_key_id INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE auth_keys (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            reusable INTEGER NOT NULL,
            ephemeral INTEGER NOT NULL,
            tags TEXT NOT NULL,
            description TEXT NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            uses INTEGER NOT NULL,
            last_used INTEGER
        ) STRICT;
        CREATE TABLE nodes (
            id INTEGER PRIMARY KEY,
            machine_key TEXT NOT NULL UNIQUE,
            node_key TEXT NOT NULL UNIQUE,
            disco_key TEXT NOT NULL,
            address_index INTEGER NOT NULL UNIQUE,
            label TEXT NOT NULL UNIQUE,
            tags TEXT NOT NULL,
            ephemeral INTEGER NOT NULL,
            auth_key_id INTEGER NOT NULL,
            mapped INTEGER NOT NULL,
            version INTEGER NOT NULL,
            created INTEGER NOT NULL,
            key_expiry INTEGER,
            last_seen INTEGER,
            hostinfo TEXT NOT NULL,
            endpoints TEXT NOT NULL
        ) STRICT;
        """,

        // Users, routes, approval, tokens, policy, audit. One machine may own a node per user: machine_key is no longer unique.
        """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            login TEXT NOT NULL UNIQUE,
            display_name TEXT NOT NULL,
            role TEXT NOT NULL,
            created INTEGER NOT NULL
        ) STRICT;
        INSERT INTO users (id, login, display_name, role, created) VALUES (1, 'owner', 'Owner', 'owner', 0);
        CREATE TABLE api_tokens (
            id INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE,
            user_id INTEGER NOT NULL,
            description TEXT NOT NULL,
            scopes TEXT NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            last_used INTEGER
        ) STRICT;
        CREATE TABLE policies (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL,
            created INTEGER NOT NULL,
            author TEXT NOT NULL
        ) STRICT;
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            target TEXT NOT NULL,
            detail TEXT NOT NULL
        ) STRICT;
        CREATE INDEX audit_by_time ON audit (time);
        ALTER TABLE server ADD COLUMN next_user_id INTEGER NOT NULL DEFAULT 2;
        ALTER TABLE server ADD COLUMN next_token_id INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE server ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE auth_keys ADD COLUMN user_id INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE auth_keys ADD COLUMN preapproved INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE nodes RENAME TO nodes_1;
        CREATE TABLE nodes (
            id INTEGER PRIMARY KEY,
            user_id INTEGER NOT NULL,
            machine_key TEXT NOT NULL,
            node_key TEXT NOT NULL UNIQUE,
            previous_node_key TEXT,
            disco_key TEXT NOT NULL,
            address_index INTEGER NOT NULL UNIQUE,
            label TEXT NOT NULL UNIQUE,
            renamed INTEGER NOT NULL,
            tags TEXT NOT NULL,
            ephemeral INTEGER NOT NULL,
            approved INTEGER NOT NULL,
            approved_routes TEXT NOT NULL,
            auth_key_id INTEGER NOT NULL,
            mapped INTEGER NOT NULL,
            version INTEGER NOT NULL,
            created INTEGER NOT NULL,
            key_expiry INTEGER,
            last_seen INTEGER,
            hostinfo TEXT NOT NULL,
            endpoints TEXT NOT NULL
        ) STRICT;
        INSERT INTO nodes SELECT id, CASE tags WHEN '[]' THEN 1 ELSE 0 END, machine_key, node_key, NULL, disco_key, address_index, label, 0, tags,
            ephemeral, 1, '[]', auth_key_id, mapped, version, created, key_expiry, last_seen, hostinfo, endpoints FROM nodes_1;
        DROP TABLE nodes_1;
        CREATE INDEX nodes_by_machine ON nodes (machine_key);
        """,
    ];
}
