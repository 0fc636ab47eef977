using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Policy;
using MeshIoT.Tailcfg;
using Microsoft.Data.Sqlite;

namespace MeshIoT.Coordinator;

internal sealed partial class Database
{
    /// <summary>Everything that is stored, as it is at <paramref name="now"/>.</summary>
    /// <exception cref="FaultException">A row cannot be read.</exception>
    public Tailnet Load(DateTimeOffset now = default)
    {
        try
        {
            TailnetEdit edit = new(LoadCounters(), now);
            LoadUsers(edit);
            LoadApiTokens(edit);
            LoadAuthKeys(edit);
            LoadNodes(edit);
            PolicyRecord? policy = LoadPolicy();
            PolicyDocument document = policy is null ? PolicyDocument.AllowAll : PolicyDocument.Parse(policy.Text).Policy ?? throw new FormatException("the policy");
            return edit.Current with { Policy = policy, Access = Access.Of(document, edit.Current) };
        }
        catch (Exception e) when (e is SqliteException or JsonException or FormatException or InvalidCastException or InvalidOperationException or ArgumentException)
        {
            throw Faults.StateCorrupted.With(connection.DataSource, "a row in it cannot be read").ToException(e);
        }
    }

    Tailnet LoadCounters()
    {
        using SqliteCommand select = connection.CreateCommand();
        select.CommandText = "SELECT next_node_id, next_address_index, next_auth_key_id, next_user_id, next_token_id, settings FROM server";
        using SqliteDataReader row = select.ExecuteReader();
        row.Read();
        return new Tailnet
        {
            NextNodeId = row.GetInt64(0),
            NextAddressIndex = row.GetInt64(1),
            NextAuthKeyId = row.GetInt64(2),
            NextUserId = row.GetInt64(3),
            NextApiTokenId = row.GetInt64(4),
            Settings = JsonSerializer.Deserialize(row.GetString(5), StoreJson.Default.TailnetSettings) ?? new(),
        };
    }

    void LoadUsers(TailnetEdit edit)
    {
        using SqliteCommand select = connection.CreateCommand();
        select.CommandText = "SELECT id, login, display_name, role, created FROM users ORDER BY id";
        using SqliteDataReader row = select.ExecuteReader();
        while (row.Read())
        {
            edit.Put(new UserRecord(row.GetInt64(0), row.GetString(1), row.GetString(2), Enum.Parse<UserRole>(row.GetString(3), ignoreCase: true), Time(row.GetInt64(4))));
        }
    }

    void LoadApiTokens(TailnetEdit edit)
    {
        using SqliteCommand select = connection.CreateCommand();
        select.CommandText = "SELECT id, hash, user_id, description, scopes, created, expires, last_used FROM api_tokens ORDER BY id";
        using SqliteDataReader row = select.ExecuteReader();
        while (row.Read())
        {
            edit.Put(new ApiToken(
                row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), Strings(row.GetString(4)),
                Time(row.GetInt64(5)), Time(row.GetInt64(6)), OptionalTime(row, 7)));
        }
    }

    PolicyRecord? LoadPolicy()
    {
        using SqliteCommand select = connection.CreateCommand();
        select.CommandText = "SELECT id, text, created, author FROM policies ORDER BY id DESC LIMIT 1";
        using SqliteDataReader row = select.ExecuteReader();
        return row.Read() ? new PolicyRecord(row.GetInt64(0), row.GetString(1), Time(row.GetInt64(2)), row.GetString(3)) : null;
    }

    void LoadAuthKeys(TailnetEdit edit)
    {
        using SqliteCommand select = connection.CreateCommand();
        select.CommandText = "SELECT id, hash, reusable, ephemeral, tags, description, created, expires, uses, last_used, user_id, preapproved FROM auth_keys ORDER BY id";
        using SqliteDataReader row = select.ExecuteReader();
        while (row.Read())
        {
            edit.Put(new AuthKey(
                row.GetInt64(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), Strings(row.GetString(4)), row.GetString(5),
                Time(row.GetInt64(6)), Time(row.GetInt64(7)), row.GetInt64(8), OptionalTime(row, 9), row.GetInt64(10), row.GetBoolean(11)));
        }
    }

    void LoadNodes(TailnetEdit edit)
    {
        using SqliteCommand select = connection.CreateCommand();
        select.CommandText = """
            SELECT id, machine_key, node_key, disco_key, address_index, label, tags, ephemeral, auth_key_id, mapped,
                version, created, key_expiry, last_seen, hostinfo, endpoints, user_id, previous_node_key, renamed, approved, approved_routes
            FROM nodes ORDER BY id
            """;
        using SqliteDataReader row = select.ExecuteReader();
        while (row.Read())
        {
            NodeRecord node = new()
            {
                Id = row.GetInt64(0),
                Machine = MachinePublicKey.Parse(row.GetString(1)),
                NodeKey = NodePublicKey.Parse(row.GetString(2)),
                DiscoKey = DiscoPublicKey.Parse(row.GetString(3)),
                AddressIndex = row.GetInt64(4),
                Label = row.GetString(5),
                Tags = Strings(row.GetString(6)),
                Ephemeral = row.GetBoolean(7),
                AuthKeyId = row.GetInt64(8),
                Mapped = row.GetBoolean(9),
                Version = row.GetInt32(10),
                Created = Time(row.GetInt64(11)),
                KeyExpiry = OptionalTime(row, 12),
                LastSeen = OptionalTime(row, 13),
                Hostinfo = JsonSerializer.Deserialize(row.GetString(14), TailcfgJson.Default.Hostinfo) ?? new(),
                Endpoints = Strings(row.GetString(15)),
                UserId = row.GetInt64(16),
                PreviousNodeKey = row.IsDBNull(17) ? null : NodePublicKey.Parse(row.GetString(17)),
                Renamed = row.GetBoolean(18),
                Approved = row.GetBoolean(19),
                ApprovedRoutes = [.. Strings(row.GetString(20)).Select(IPNetwork.Parse)],
            };
            edit.Put(node, Show.Everybody);
        }
    }

    static ImmutableArray<string> Strings(string json) =>
        [.. JsonSerializer.Deserialize(json, TailcfgJson.Default.IReadOnlyListString) ?? (IReadOnlyList<string>)[]];

    static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    static DateTimeOffset? OptionalTime(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));
}
