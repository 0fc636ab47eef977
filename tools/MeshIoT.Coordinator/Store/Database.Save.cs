using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using MeshIoT.Tailcfg;
using Microsoft.Data.Sqlite;

namespace MeshIoT.Coordinator;

internal sealed partial class Database
{
    /// <summary>Makes the disk agree with <paramref name="edit"/>, in one transaction. Returns when it would survive a power cut.</summary>
    /// <exception cref="SqliteException">Nothing of it was stored.</exception>
    public void Save(TailnetEdit edit)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        SaveCounters(edit.Current, transaction);
        foreach (long id in edit.TouchedAuthKeys)
        {
            if (!edit.Current.AuthKeys.ContainsKey(id))
            {
                Delete("DELETE FROM auth_keys WHERE id = $id", id, transaction);
            }
        }

        // Deletions first: a name or key that one node gave up may be another's in the same transaction.
        foreach (long id in edit.TouchedNodes)
        {
            Delete("DELETE FROM nodes WHERE id = $id", id, transaction);
        }

        SaveAdministration(edit, transaction);
        foreach (long id in edit.TouchedAuthKeys)
        {
            if (edit.Current.AuthKeys.TryGetValue(id, out AuthKey? key))
            {
                Save(key, transaction);
            }
        }

        foreach (long id in edit.TouchedNodes)
        {
            if (edit.Current.Nodes.TryGetValue(id, out NodeRecord? node))
            {
                Save(node, transaction);
            }
        }

        transaction.Commit();
    }

    void SaveCounters(Tailnet tailnet, SqliteTransaction transaction)
    {
        using SqliteCommand update = Command(
            """
            UPDATE server SET next_node_id = $node, next_address_index = $address, next_auth_key_id = $key,
                next_user_id = $user, next_token_id = $token, settings = $settings
            """,
            transaction);
        update.Parameters.AddWithValue("$node", tailnet.NextNodeId);
        update.Parameters.AddWithValue("$address", tailnet.NextAddressIndex);
        update.Parameters.AddWithValue("$key", tailnet.NextAuthKeyId);
        update.Parameters.AddWithValue("$user", tailnet.NextUserId);
        update.Parameters.AddWithValue("$token", tailnet.NextApiTokenId);
        update.Parameters.AddWithValue("$settings", JsonSerializer.Serialize(tailnet.Settings, StoreJson.Default.TailnetSettings));
        update.ExecuteNonQuery();
    }

    void Save(AuthKey key, SqliteTransaction transaction)
    {
        using SqliteCommand save = Command(
            """
            INSERT OR REPLACE INTO auth_keys (id, hash, reusable, ephemeral, tags, description, created, expires, uses, last_used, user_id, preapproved)
            VALUES ($id, $hash, $reusable, $ephemeral, $tags, $description, $created, $expires, $uses, $last_used, $user_id, $preapproved)
            """,
            transaction);
        SqliteParameterCollection p = save.Parameters;
        p.AddWithValue("$id", key.Id);
        p.AddWithValue("$hash", key.Hash);
        p.AddWithValue("$reusable", key.Reusable);
        p.AddWithValue("$ephemeral", key.Ephemeral);
        p.AddWithValue("$tags", Json(key.Tags));
        p.AddWithValue("$description", key.Description);
        p.AddWithValue("$created", key.Created.ToUnixTimeMilliseconds());
        p.AddWithValue("$expires", key.Expires.ToUnixTimeMilliseconds());
        p.AddWithValue("$uses", key.Uses);
        p.AddWithValue("$last_used", Optional(key.LastUsed));
        p.AddWithValue("$user_id", key.UserId);
        p.AddWithValue("$preapproved", key.Preapproved);
        save.ExecuteNonQuery();
    }

    void Save(NodeRecord node, SqliteTransaction transaction)
    {
        using SqliteCommand save = Command(
            """
            INSERT INTO nodes (id, machine_key, node_key, disco_key, address_index, label, tags, ephemeral, auth_key_id, mapped,
                version, created, key_expiry, last_seen, hostinfo, endpoints, user_id, previous_node_key, renamed, approved, approved_routes)
            VALUES ($id, $machine_key, $node_key, $disco_key, $address_index, $label, $tags, $ephemeral, $auth_key_id, $mapped,
                $version, $created, $key_expiry, $last_seen, $hostinfo, $endpoints, $user_id, $previous_node_key, $renamed, $approved, $approved_routes)
            """,
            transaction);
        SqliteParameterCollection p = save.Parameters;
        p.AddWithValue("$id", node.Id);
        p.AddWithValue("$machine_key", node.Machine.ToString());
        p.AddWithValue("$node_key", node.NodeKey.ToString());
        p.AddWithValue("$disco_key", node.DiscoKey.ToString());
        p.AddWithValue("$address_index", node.AddressIndex);
        p.AddWithValue("$label", node.Label);
        p.AddWithValue("$tags", Json(node.Tags));
        p.AddWithValue("$ephemeral", node.Ephemeral);
        p.AddWithValue("$auth_key_id", node.AuthKeyId);
        p.AddWithValue("$mapped", node.Mapped);
        p.AddWithValue("$version", node.Version);
        p.AddWithValue("$created", node.Created.ToUnixTimeMilliseconds());
        p.AddWithValue("$key_expiry", Optional(node.KeyExpiry));
        p.AddWithValue("$last_seen", Optional(node.LastSeen));
        p.AddWithValue("$hostinfo", JsonSerializer.Serialize(node.Hostinfo, TailcfgJson.Default.Hostinfo));
        p.AddWithValue("$endpoints", Json(node.Endpoints));
        p.AddWithValue("$user_id", node.UserId);
        p.AddWithValue("$previous_node_key", node.PreviousNodeKey is { } previous ? previous.ToString() : DBNull.Value);
        p.AddWithValue("$renamed", node.Renamed);
        p.AddWithValue("$approved", node.Approved);
        p.AddWithValue("$approved_routes", Json([.. node.ApprovedRoutes.Select(r => r.ToString())]));
        save.ExecuteNonQuery();
    }

    void Delete(string sql, long id, SqliteTransaction transaction)
    {
        using SqliteCommand delete = Command(sql, transaction);
        delete.Parameters.AddWithValue("$id", id);
        delete.ExecuteNonQuery();
    }

    SqliteCommand Command(string sql, SqliteTransaction transaction)
    {
        SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    static object Optional(DateTimeOffset? time) => time is { } t ? t.ToUnixTimeMilliseconds() : DBNull.Value;

    static string Json(ImmutableArray<string> strings) => JsonSerializer.Serialize(strings, TailcfgJson.Default.IReadOnlyListString);
}
