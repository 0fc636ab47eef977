using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Mqtt.Access;

/// <summary>The file of users: a line <c>NAME:HASH</c> for each; empty lines and lines that begin with # do not count.</summary>
public static class PasswordFile
{
    const int MostBytes = 1024 * 1024, LongestName = 64;

    /// <summary>Reads the file; throws mqtt-users-unreadable, mqtt-users-malformed.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw Faults.MqttUsersUnreadable.With(path, "it is larger than 1 MiB").ToException();
            }

            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Faults.MqttUsersUnreadable.With(path, e is FileNotFoundException ? "it does not exist" : e.Message.TrimEnd('.')).ToException(e);
        }
    }

    /// <summary>Reads the text of such a file; <paramref name="path"/> is for error texts. A line's content is never in one.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string text, string path)
    {
        Dictionary<string, string> users = new(StringComparer.Ordinal);
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string wrong = colon < 0 ? "has no colon"
                : !IsUserName(line[..colon]) ? "has no name of at most 64 letters, digits, _ - . @"
                : !PasswordHash.IsWellFormed(line[(colon + 1)..]) ? "has no hash of the form $argon2id$…"
                : !users.TryAdd(line[..colon], line[(colon + 1)..]) ? "names a user for the second time"
                : "";
            if (wrong.Length > 0)
            {
                throw Faults.MqttUsersMalformed.With(path, number, wrong).ToException();
            }
        }

        return users;
    }

    /// <summary>True for a name that a user can have.</summary>
    public static bool IsUserName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.' or '@');
}
