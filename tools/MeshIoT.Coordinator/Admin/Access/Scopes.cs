using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace MeshIoT.Coordinator;

/// <summary>What an API token may do: an area with <c>read</c> or <c>write</c> (which includes read), or <c>all</c>.</summary>
internal static class Scopes
{
    public const string
        All = "all",
        KeysRead = "keys:read", KeysWrite = "keys:write",
        NodesRead = "nodes:read", NodesWrite = "nodes:write",
        RoutesRead = "routes:read", RoutesWrite = "routes:write",
        UsersRead = "users:read", UsersWrite = "users:write",
        PolicyRead = "policy:read", PolicyWrite = "policy:write",
        LoginsRead = "logins:read", LoginsWrite = "logins:write",
        TokensRead = "tokens:read", TokensWrite = "tokens:write",
        SettingsRead = "settings:read", SettingsWrite = "settings:write",
        AuditRead = "audit:read";

    const string Read = ":read", Write = ":write", Any = ":*";

    /// <summary>Every scope there is.</summary>
    public static readonly ImmutableArray<string> Known =
    [
        All, KeysRead, KeysWrite, NodesRead, NodesWrite, RoutesRead, RoutesWrite, UsersRead, UsersWrite, PolicyRead, PolicyWrite,
        LoginsRead, LoginsWrite, TokensRead, TokensWrite, SettingsRead, SettingsWrite, AuditRead,
    ];

    /// <summary>The scope that a person means: <c>nodes:*</c> is <c>nodes:write</c>. Null when there is none of that name.</summary>
    public static string? Parse(string text)
    {
        string scope = text.EndsWith(Any, StringComparison.Ordinal) ? text[..^Any.Length] + Write : text;
        if (!Known.Contains(scope) && text.EndsWith(Any, StringComparison.Ordinal))
        {
            scope = text[..^Any.Length] + Read;
        }

        return Known.Contains(scope) ? scope : null;
    }

    /// <summary>True when somebody with <paramref name="held"/> may do what needs <paramref name="wanted"/>.</summary>
    public static bool Allow(IEnumerable<string> held, string wanted) =>
        held.Any(h => h == All || h == wanted || (wanted.EndsWith(Read, StringComparison.Ordinal) && h == wanted[..^Read.Length] + Write));
}
