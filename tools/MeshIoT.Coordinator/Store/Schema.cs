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
    ];
}
