using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>Finds what a caller names by ID or by name; where nothing is found, says what was perhaps meant.</summary>
internal static class Lookup
{
    /// <summary>A node by ID (<c>n3</c>), label or full name.</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public static NodeRecord Node(Tailnet tailnet, string text, string baseDomain)
    {
        if (TryParseId(text, 'n', out long id) && tailnet.Nodes.TryGetValue(id, out NodeRecord? node))
        {
            return node;
        }

        string label = text.ToLowerInvariant().TrimEnd('.');
        label = label.EndsWith("." + baseDomain, StringComparison.Ordinal) ? label[..^(baseDomain.Length + 1)] : label;
        return tailnet.Labels.TryGetValue(label, out id) ? tailnet.Nodes[id] : throw None("node", text, label, tailnet.Labels.Keys);
    }

    /// <summary>A user by ID (<c>u2</c>) or login.</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public static UserRecord User(Tailnet tailnet, string text) =>
        TryParseId(text, 'u', out long id) && tailnet.Users.TryGetValue(id, out UserRecord? user) ? user
        : tailnet.FindUser(text) ?? throw None("user", text, text.ToLowerInvariant(), tailnet.Users.Values.Select(u => u.Login));

    /// <summary>An auth key by ID (<c>k4</c>).</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public static AuthKey Key(Tailnet tailnet, string text) =>
        TryParseId(text, 'k', out long id) && tailnet.AuthKeys.TryGetValue(id, out AuthKey? key) ? key : throw None("key", text, text, []);

    /// <summary>An API token by ID (<c>t5</c>).</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public static ApiToken Token(Tailnet tailnet, string text) =>
        TryParseId(text, 't', out long id) && tailnet.ApiTokens.TryGetValue(id, out ApiToken? token) ? token : throw None("token", text, text, []);

    /// <summary>An ID as callers see it.</summary>
    public static string Id(char prefix, long id) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{id}");

    /// <summary>The fault for a name under which there is nothing.</summary>
    public static FaultException None(string kind, string asked, string normal, IEnumerable<string> names)
    {
        string hint = Closest(normal, names) is { } near ? $" (did you mean {near}?)" : "";
        return Faults.AdminNotFound.With($"{kind}: {Printable(asked)}{hint}", kind).ToException();
    }

    static bool TryParseId(string text, char prefix, out long id)
    {
        id = 0;
        return text.Length > 1 && text[0] == prefix && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }

    // Two slips of the finger at most, and fewer than the name is long.
    static string? Closest(string text, IEnumerable<string> names)
    {
        const int MaxLength = 64;
        int best = Math.Min(3, Math.Max(1, text.Length / 2));
        string? found = null;
        foreach (string name in text.Length > MaxLength ? [] : names)
        {
            if (name.Length <= MaxLength && Math.Abs(name.Length - text.Length) < best && Distance(text, name) is int distance && distance < best)
            {
                (best, found) = (distance, name);
            }
        }

        return found;
    }

    // Levenshtein, one row at a time.
    static int Distance(string a, string b)
    {
        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }

    static string Printable(string text)
    {
        StringBuilder shown = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, 64)))
        {
            shown.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '@' ? c : '?');
        }

        return shown.ToString();
    }
}
