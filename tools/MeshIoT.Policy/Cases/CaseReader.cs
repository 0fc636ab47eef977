using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace MeshIoT.Policy.Cases;

/// <summary>Reads a case from JSON.</summary>
internal static class CaseReader
{
    public static PolicyCase? Read(JsonElement root, out string why)
    {
        why = "";
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Bad(out why, "not a JSON object");
        }

        if (Text(root, "id") is not { } id)
        {
            return Bad(out why, "no \"id\"");
        }

        if (!root.TryGetProperty("policy", out JsonElement policy) || policy.ValueKind is not (JsonValueKind.String or JsonValueKind.Object))
        {
            return Bad(out why, "\"policy\" is neither a string nor an object");
        }

        List<PolicyUser>? users = Users(root, out why);
        List<(string, PolicyNode)>? nodes = users is null ? null : Nodes(root, users, out why);
        return nodes is null ? null : new PolicyCase
        {
            Id = id, Policy = policy.ValueKind == JsonValueKind.String ? policy.GetString()! : policy.GetRawText(), Users = users!, Nodes = nodes,
        };
    }

    static PolicyCase? Bad(out string why, string reason)
    {
        why = reason;
        return null;
    }

    static List<PolicyUser>? Users(JsonElement root, out string why)
    {
        why = "";
        List<PolicyUser> users = [];
        if (!root.TryGetProperty("users", out JsonElement list) || list.ValueKind == JsonValueKind.Null)
        {
            return users;
        }

        foreach (JsonElement item in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default)
        {
            if (item.ValueKind != JsonValueKind.Object || Text(item, "name") is not { } name)
            {
                why = "a user without a name";
                return null;
            }

            long id = item.TryGetProperty("id", out JsonElement number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out long given) ? given : users.Count + 1;
            PolicyRole role = Text(item, "role") switch { "owner" => PolicyRole.Owner, "admin" => PolicyRole.Admin, _ => PolicyRole.Member };
            users.Add(new(id, name, Text(item, "email"), role));
        }

        // Where no user has a role, the first is the one who made the tailnet.
        if (users.Count > 0 && users.TrueForAll(u => u.Role == PolicyRole.Member))
        {
            users[0] = users[0] with { Role = PolicyRole.Owner };
        }

        return users;
    }

    static List<(string, PolicyNode)>? Nodes(JsonElement root, List<PolicyUser> users, out string why)
    {
        why = "";
        List<(string, PolicyNode)> nodes = [];
        if (!root.TryGetProperty("nodes", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            why = "\"nodes\" is not an object";
            return null;
        }

        foreach (JsonProperty member in map.EnumerateObject())
        {
            JsonElement node = member.Value;
            if (node.ValueKind != JsonValueKind.Object || Address(node, "ipv4", AddressFamily.InterNetwork) is not { } v4
                || Address(node, "ipv6", AddressFamily.InterNetworkV6) is not { } v6)
            {
                why = $"node \"{member.Name}\" needs ipv4 and ipv6";
                return null;
            }

            string? user = Text(node, "user");
            if (!Routes(node, "routable_ips", out ImmutableArray<IPNetwork> announced) || !Routes(node, "approved_routes", out ImmutableArray<IPNetwork> approved)
                || !Routes(node, "primary_routes", out ImmutableArray<IPNetwork> primary))
            {
                why = $"node \"{member.Name}\" has a route that is no prefix";
                return null;
            }

            nodes.Add((member.Name, new PolicyNode
            {
                Id = node.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out long number) ? number : nodes.Count + 1,
                Hostname = Text(node, "hostname") ?? member.Name,
                UserId = user is null ? null : users.Find(u => u.Name == user || u.Email == user)?.Id,
                Tags = Strings(node, "tags"),
                IPv4 = v4,
                IPv6 = v6,
                AnnouncedRoutes = announced,
                ApprovedRoutes = approved,
                PrimaryRoutes = node.TryGetProperty("primary_routes", out _) ? primary : default,
            }));
        }

        if (nodes.DistinctBy(n => n.Item2.Id).Count() < nodes.Count)
        {
            why = "two nodes have one id";
            return null;
        }

        return nodes;
    }

    static string? Text(JsonElement from, string name)
        => from.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static ImmutableArray<string> Strings(JsonElement from, string name)
        => from.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)] : [];

    static IPAddress? Address(JsonElement from, string name, AddressFamily family)
        => IPAddress.TryParse(Text(from, name), out IPAddress? address) && address.AddressFamily == family ? address : null;

    static bool Routes(JsonElement from, string name, out ImmutableArray<IPNetwork> routes)
    {
        ImmutableArray<string> texts = Strings(from, name);
        ImmutableArray<IPNetwork>.Builder found = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (string text in texts)
        {
            if (!IPNetwork.TryParse(text, out IPNetwork route))
            {
                routes = [];
                return false;
            }

            found.Add(route);
        }

        routes = found.ToImmutable();
        return true;
    }
}
