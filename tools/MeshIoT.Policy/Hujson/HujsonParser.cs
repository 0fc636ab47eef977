using System;
using System.Collections.Generic;
using System.Globalization;

namespace MeshIoT.Policy.Hujson;

/// <summary>
/// JSON with // and /* */ comments and trailing commas, as people write policies (the JWCC form that Tailscale's policies use). Bounded in
/// size, depth and number of values; a name twice in one object is an error; whatever the text, the answer is a value or an error with its
/// place, never an exception. Numbers and strings: HujsonParser.Scalars.
/// </summary>
internal ref partial struct HujsonParser
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxLength = 4 << 20;

    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most values in a text.</summary>
    public const int MaxValues = 400_000;

    readonly ReadOnlySpan<char> text;
    int at, line, lineStart, values;
    PolicyError? error;

    HujsonParser(ReadOnlySpan<char> text)
    {
        this.text = text;
        line = 1;
    }

    public static HujsonValue? Parse(string text, out PolicyError? error)
    {
        if (text.Length > MaxLength)
        {
            error = new PolicyError(1, 1, string.Create(CultureInfo.InvariantCulture, $"the policy has {text.Length} characters; at most {MaxLength} are allowed"));
            return null;
        }

        HujsonParser parser = new(text);
        if (parser.text.Length > 0 && parser.text[0] == '\uFEFF')
        {
            parser.at = parser.lineStart = 1;
        }

        HujsonValue? value = parser.SkipSpace() ? parser.Value(0) : null;
        if (value is not null && parser.SkipSpace() && parser.at < parser.text.Length)
        {
            parser.Fail("text after the end of the policy");
        }

        error = parser.error;
        return error is null ? value : null;
    }

    readonly TextPosition Here => new(line, at - lineStart + 1);

    HujsonValue? Fail(string message) => Fail(Here, message);

    HujsonValue? Fail(TextPosition where, string message)
    {
        error ??= where.Error(message);
        return null;
    }

    readonly bool Next(char c) => at < text.Length && text[at] == c;

    /// <summary>Over white space and comments; false if a comment does not end.</summary>
    bool SkipSpace()
    {
        while (at < text.Length)
        {
            char c = text[at];
            if (c == '\n')
            {
                at++;
                line++;
                lineStart = at;
            }
            else if (c is ' ' or '\t' or '\r')
            {
                at++;
            }
            else if (c == '/' && at + 1 < text.Length && text[at + 1] == '/')
            {
                int end = text[at..].IndexOf('\n');
                at = end < 0 ? text.Length : at + end;
            }
            else if (c == '/' && at + 1 < text.Length && text[at + 1] == '*')
            {
                TextPosition start = Here;
                int end = text[(at + 2)..].IndexOf("*/");
                if (end < 0)
                {
                    Fail(start, "a comment that starts with /* has no */");
                    return false;
                }

                for (int stop = at + 2 + end + 2; at < stop; at++)
                {
                    if (text[at] == '\n')
                    {
                        line++;
                        lineStart = at + 1;
                    }
                }
            }
            else
            {
                return true;
            }
        }

        return true;
    }

    HujsonValue? Value(int depth)
    {
        if (at >= text.Length)
        {
            return Fail("the text ends where a value should be");
        }

        if (depth > MaxDepth)
        {
            return Fail(string.Create(CultureInfo.InvariantCulture, $"nested deeper than {MaxDepth} levels"));
        }

        if (++values > MaxValues)
        {
            return Fail(string.Create(CultureInfo.InvariantCulture, $"more than {MaxValues} values"));
        }

        TextPosition start = Here;
        switch (text[at])
        {
            case '{': return Object(start, depth);
            case '[': return Array(start, depth);
            case '"': return String() is { } s ? new HujsonValue(HujsonKind.String, start) { Text = s } : null;
            case '-' or (>= '0' and <= '9'): return Number(start);
            default:
                foreach ((string word, HujsonKind kind) in Words)
                {
                    if (text[at..].StartsWith(word))
                    {
                        at += word.Length;
                        return new HujsonValue(kind, start);
                    }
                }

                return Fail($"'{Shown(text[at])}' where a value should be");
        }
    }

    static readonly (string Word, HujsonKind Kind)[] Words = [("null", HujsonKind.Null), ("true", HujsonKind.True), ("false", HujsonKind.False)];

    HujsonValue? Object(TextPosition start, int depth)
    {
        at++;
        HujsonValue value = new(HujsonKind.Object, start);
        HashSet<string> names = new(StringComparer.Ordinal);
        while (true)
        {
            if (!SkipSpace())
            {
                return null;
            }

            if (Next('}'))
            {
                at++;
                return value;
            }

            TextPosition where = Here;
            if (!Next('"'))
            {
                return at >= text.Length ? Fail(start, "this { has no }") : Fail($"'{Shown(text[at])}' where a name in quotes or }} should be");
            }

            if (String() is not { } name || !SkipSpace())
            {
                return null;
            }

            if (!names.Add(name))
            {
                return Fail(where, $"\"{Shown(name)}\" stands twice in this object");
            }

            if (!Next(':'))
            {
                return Fail("':' is missing after a name");
            }

            at++;
            if (!SkipSpace() || Value(depth + 1) is not { } member)
            {
                return null;
            }

            value.Members.Add(new(name, where, member));
            if (!Separator('}', start))
            {
                return null;
            }
        }
    }

    HujsonValue? Array(TextPosition start, int depth)
    {
        at++;
        HujsonValue value = new(HujsonKind.Array, start);
        while (true)
        {
            if (!SkipSpace())
            {
                return null;
            }

            if (Next(']'))
            {
                at++;
                return value;
            }

            if (at >= text.Length)
            {
                return Fail(start, "this [ has no ]");
            }

            if (Value(depth + 1) is not { } item)
            {
                return null;
            }

            value.Items.Add(item);
            if (!Separator(']', start))
            {
                return null;
            }
        }
    }

    /// <summary>After an element: a comma, which is taken, or the closing bracket, which is left.</summary>
    bool Separator(char close, TextPosition start)
    {
        if (!SkipSpace())
        {
            return false;
        }

        if (Next(','))
        {
            at++;
            return true;
        }

        if (Next(close))
        {
            return true;
        }

        _ = at >= text.Length ? Fail(start, $"this bracket has no {close}") : Fail($"'{Shown(text[at])}' where ',' or {close} should be");
        return false;
    }
}
