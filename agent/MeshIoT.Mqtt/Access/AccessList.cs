using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Mqtt.Topics;

namespace MeshIoT.Mqtt.Access;

/// <summary>All users with their rights. Immutable: a change is another list.</summary>
public sealed class AccessList
{
    readonly Dictionary<string, MqttUser> users;

    /// <param name="users">The users by name; of two with one name the last counts.</param>
    /// <param name="anonymous">What clients may do that give no name; null: they are refused.</param>
    public AccessList(IEnumerable<MqttUser> users, MqttUser? anonymous)
    {
        this.users = new Dictionary<string, MqttUser>(StringComparer.Ordinal);
        foreach (MqttUser user in users)
        {
            this.users[user.Name] = user with { Read = Named(user.Read, user.Name), Write = Named(user.Write, user.Name) };
        }

        Anonymous = anonymous;
    }

    /// <summary>What clients may do that give no name; null: they are refused.</summary>
    public MqttUser? Anonymous { get; }

    /// <summary>Everybody may do everything, unasked. For tests and for brokers that only this machine reaches.</summary>
    public static AccessList Open { get; } = new([], new MqttUser("", "", ["#"], ["#"]));

    /// <summary>The user of that name, the nameless one for null, or null.</summary>
    public MqttUser? Find(string? name) => string.IsNullOrEmpty(name) ? Anonymous : users.GetValueOrDefault(name);

    /// <summary>True when all that the filter takes may be read.</summary>
    public static bool MayRead(MqttUser user, string filter) => user.Read.Any(rule => TopicRules.Covers(rule, filter));

    /// <summary>True when the topic may be published to. Topics that begin with $ are the broker's own.</summary>
    public static bool MayWrite(MqttUser user, string topic) => !topic.StartsWith('$') && user.Write.Any(rule => TopicRules.Matches(rule, topic));

    /// <summary>True when the two may do the same and log in the same way.</summary>
    internal static bool AreSame(MqttUser a, MqttUser? b) =>
        b is not null && a.Name == b.Name && a.PasswordHash == b.PasswordHash && a.Read.SequenceEqual(b.Read) && a.Write.SequenceEqual(b.Write);

    static List<string> Named(IReadOnlyList<string> filters, string name) => [.. filters.Select(f => f.Replace("%u", name, StringComparison.Ordinal))];
}
