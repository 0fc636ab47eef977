using System;
using System.Collections.Generic;
using Microsoft.Data.Sqlite;

namespace MeshIoT.Coordinator;

/// <content>Users, API tokens, policy and audit log.</content>
internal sealed partial class Database
{
    /// <summary>Policies that are kept, the one in force among them.</summary>
    const int KeptPolicies = 100;

    /// <summary>The latest entries before <paramref name="before"/> (0: from the end), newest first. Any thread: it has a connection of its own.</summary>
    /// <exception cref="SqliteException">The database cannot be read.</exception>
    public IReadOnlyList<AuditEntry> ReadAudit(long before, int limit)
    {
        SqliteConnectionStringBuilder options = new() { DataSource = connection.DataSource, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        using SqliteConnection reader = new(options.ConnectionString);
        reader.Open();
        using SqliteCommand select = reader.CreateCommand();
        select.CommandText = "SELECT id, time, actor, action, target, detail FROM audit WHERE $before = 0 OR id < $before ORDER BY id DESC LIMIT $limit";
        select.Parameters.AddWithValue("$before", before);
        select.Parameters.AddWithValue("$limit", limit);
        using SqliteDataReader row = select.ExecuteReader();
        List<AuditEntry> entries = [];
        while (row.Read())
        {
            entries.Add(new AuditEntry(row.GetInt64(0), Time(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)));
        }

        return entries;
    }

    void SaveAdministration(TailnetEdit edit, SqliteTransaction transaction)
    {
        foreach (long id in edit.TouchedUsers)
        {
            Delete("DELETE FROM users WHERE id = $id", id, transaction);
        }

        foreach (long id in edit.TouchedUsers)
        {
            if (edit.Current.Users.TryGetValue(id, out UserRecord? user))
            {
                Save(user, transaction);
            }
        }

        foreach (long id in edit.TouchedApiTokens)
        {
            Delete("DELETE FROM api_tokens WHERE id = $id", id, transaction);
            if (edit.Current.ApiTokens.TryGetValue(id, out ApiToken? token))
            {
                Save(token, transaction);
            }
        }

        if (edit is { HasNewPolicy: true, Current.Policy: { } policy })
        {
            Save(policy, transaction);
        }

        foreach (AuditEntry entry in edit.AuditEntries)
        {
            Append(entry, transaction);
        }
    }

    void Save(UserRecord user, SqliteTransaction transaction)
    {
        using SqliteCommand save = Command("INSERT INTO users (id, login, display_name, role, created) VALUES ($id, $login, $display_name, $role, $created)", transaction);
        save.Parameters.AddWithValue("$id", user.Id);
        save.Parameters.AddWithValue("$login", user.Login);
        save.Parameters.AddWithValue("$display_name", user.DisplayName);
        save.Parameters.AddWithValue("$role", user.Role.ToString());
        save.Parameters.AddWithValue("$created", user.Created.ToUnixTimeMilliseconds());
        save.ExecuteNonQuery();
    }

    void Save(ApiToken token, SqliteTransaction transaction)
    {
        using SqliteCommand save = Command(
            """
            INSERT INTO api_tokens (id, hash, user_id, description, scopes, created, expires, last_used)
            VALUES ($id, $hash, $user_id, $description, $scopes, $created, $expires, $last_used)
            """,
            transaction);
        SqliteParameterCollection p = save.Parameters;
        p.AddWithValue("$id", token.Id);
        p.AddWithValue("$hash", token.Hash);
        p.AddWithValue("$user_id", token.UserId);
        p.AddWithValue("$description", token.Description);
        p.AddWithValue("$scopes", Json(token.Scopes));
        p.AddWithValue("$created", token.Created.ToUnixTimeMilliseconds());
        p.AddWithValue("$expires", token.Expires.ToUnixTimeMilliseconds());
        p.AddWithValue("$last_used", Optional(token.LastUsed));
        save.ExecuteNonQuery();
    }

    void Save(PolicyRecord policy, SqliteTransaction transaction)
    {
        using SqliteCommand save = Command("INSERT INTO policies (id, text, created, author) VALUES ($id, $text, $created, $author)", transaction);
        save.Parameters.AddWithValue("$id", policy.Id);
        save.Parameters.AddWithValue("$text", policy.Text);
        save.Parameters.AddWithValue("$created", policy.Created.ToUnixTimeMilliseconds());
        save.Parameters.AddWithValue("$author", policy.Author);
        save.ExecuteNonQuery();
        Delete("DELETE FROM policies WHERE id <= $id", policy.Id - KeptPolicies, transaction);
    }

    void Append(AuditEntry entry, SqliteTransaction transaction)
    {
        using SqliteCommand append = Command("INSERT INTO audit (time, actor, action, target, detail) VALUES ($time, $actor, $action, $target, $detail)", transaction);
        append.Parameters.AddWithValue("$time", entry.Time.ToUnixTimeMilliseconds());
        append.Parameters.AddWithValue("$actor", entry.Actor);
        append.Parameters.AddWithValue("$action", entry.Action);
        append.Parameters.AddWithValue("$target", entry.Target);
        append.Parameters.AddWithValue("$detail", entry.Detail);
        append.ExecuteNonQuery();
    }
}
