using System;
using System.Text;

namespace MeshIoT.Mqtt.Topics;

/// <summary>What a topic name and a topic filter may be, and which filter takes which name: MQTT 5.0 section 4.7.</summary>
public static class TopicRules
{
    /// <summary>Longest topic or filter, bytes of UTF-8. The protocol allows 65,535; nobody needs that, and every level costs its readers.</summary>
    public const int LongestBytes = 1024;

    /// <summary>Most levels of a topic or filter.</summary>
    public const int MostLevels = 32;

    /// <summary>True for a name that can be published to: not empty, no wildcards, no control characters.</summary>
    public static bool IsName(string topic) => IsText(topic) && topic.AsSpan().IndexOfAny('+', '#') < 0;

    /// <summary>True for a filter: wildcards stand alone on their level, and # is the last one.</summary>
    public static bool IsFilter(string filter)
    {
        if (!IsText(filter))
        {
            return false;
        }

        ReadOnlySpan<char> rest = filter;
        bool more = true;
        while (more)
        {
            ReadOnlySpan<char> level = Next(ref rest, out more);
            if ((level.IndexOfAny('+', '#') >= 0 && level.Length > 1) || (level is "#" && more))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when <paramref name="filter"/> takes the name. Wildcards on the first level take no names that begin with $.</summary>
    public static bool Matches(string filter, string topic)
    {
        if (topic.StartsWith('$') && filter.Length > 0 && filter[0] is '+' or '#')
        {
            return false;
        }

        ReadOnlySpan<char> wanted = filter, name = topic;
        while (true)
        {
            ReadOnlySpan<char> want = Next(ref wanted, out bool moreWanted);
            if (want is "#")
            {
                return true;
            }

            ReadOnlySpan<char> level = Next(ref name, out bool moreName);
            if (want is not "+" && !want.SequenceEqual(level))
            {
                return false;
            }

            if (!moreName)
            {
                // "a/#" takes "a" too.
                return !moreWanted || wanted is "#";
            }

            if (!moreWanted)
            {
                return false;
            }
        }
    }

    /// <summary>True when every name that <paramref name="asked"/> takes is taken by <paramref name="rule"/> too.</summary>
    public static bool Covers(string rule, string asked)
    {
        if (asked.StartsWith('$') && rule.Length > 0 && rule[0] is '+' or '#')
        {
            return false;
        }

        ReadOnlySpan<char> allowed = rule, want = asked;
        while (true)
        {
            ReadOnlySpan<char> allow = Next(ref allowed, out bool moreAllowed);
            if (allow is "#")
            {
                return true;
            }

            ReadOnlySpan<char> level = Next(ref want, out bool moreWanted);
            if (level is "#" || (allow is not "+" && !allow.SequenceEqual(level)))
            {
                return false;
            }

            if (!moreWanted)
            {
                return !moreAllowed || allowed is "#";
            }

            if (!moreAllowed)
            {
                return false;
            }
        }
    }

    /// <summary>A name as one level of a topic: what cannot stand there becomes _.</summary>
    public static string Level(string name)
    {
        StringBuilder level = new(name.Length);
        foreach (char c in name)
        {
            level.Append(c is '/' or '+' or '#' or '$' or ' ' || char.IsControl(c) || char.IsSurrogate(c) ? '_' : c);
        }

        return level.Length == 0 ? "_" : level.ToString();
    }

    static bool IsText(string text)
    {
        if (text.Length is 0 or > LongestBytes || Encoding.UTF8.GetByteCount(text) > LongestBytes || text.AsSpan().Count('/') >= MostLevels)
        {
            return false;
        }

        foreach (char c in text)
        {
            // U+FFFD is what the decoder makes of bytes that are no UTF-8.
            if (char.IsControl(c) || c == '\uFFFD' || c == '\uFFFF')
            {
                return false;
            }
        }

        return true;
    }

    static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest, out bool more)
    {
        int slash = rest.IndexOf('/');
        more = slash >= 0;
        ReadOnlySpan<char> level = more ? rest[..slash] : rest;
        rest = more ? rest[(slash + 1)..] : default;
        return level;
    }
}
