using System;
using System.Globalization;
using System.Linq;
using System.Text;

namespace MeshIoT.Policy.Hujson;

/// <summary>Numbers and strings.</summary>
internal ref partial struct HujsonParser
{
    HujsonValue? Number(TextPosition start)
    {
        int from = at;
        at += Next('-') ? 1 : 0;
        bool ok = Next('0') ? ++at > 0 : Digits();
        if (ok && Next('.'))
        {
            at++;
            ok = Digits();
        }

        if (ok && (Next('e') || Next('E')))
        {
            at++;
            at += Next('+') || Next('-') ? 1 : 0;
            ok = Digits();
        }

        return ok && !(at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '.'))
            ? new HujsonValue(HujsonKind.Number, start) { Text = text[from..at].ToString() }
            : Fail(start, "not a number as JSON writes them");
    }

    bool Digits()
    {
        int from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at > from;
    }

    string? String()
    {
        TextPosition start = Here;
        at++;
        int plain = text[at..].IndexOfAny('"', '\\', '\n');
        if (plain >= 0 && text[at + plain] == '"' && !text.Slice(at, plain).ContainsAnyInRange('\0', '\u001F') && !HasLoneSurrogate(text.Slice(at, plain)))
        {
            string whole = text.Slice(at, plain).ToString();
            at += plain + 1;
            return whole;
        }

        StringBuilder content = new();
        while (at < text.Length && text[at] >= ' ')
        {
            char c = text[at++];
            if (c == '"')
            {
                string whole = content.ToString();
                if (HasLoneSurrogate(whole))
                {
                    Fail(start, "a string with half a character (a lone surrogate)");
                    return null;
                }

                return whole;
            }

            if (c != '\\')
            {
                content.Append(c);
            }
            else if (!Escape(content))
            {
                Fail("an unknown escape after \\");
                return null;
            }
        }

        Fail(start, at < text.Length ? "a string with a line end or control character in it" : "a string without its closing quote");
        return null;
    }

    bool Escape(StringBuilder content)
    {
        if (at >= text.Length)
        {
            return false;
        }

        char c = text[at++];
        if (c == 'u')
        {
            if (at + 4 > text.Length || !ushort.TryParse(text.Slice(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                return false;
            }

            at += 4;
            content.Append((char)unit);
            return true;
        }

        int which = "\"\\/bfnrt".IndexOf(c, StringComparison.Ordinal);
        if (which < 0)
        {
            return false;
        }

        content.Append("\"\\/\b\f\n\r\t"[which]);
        return true;
    }

    static bool HasLoneSurrogate(ReadOnlySpan<char> s)
    {
        for (int i = s.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < s.Length; i++)
        {
            if (char.IsSurrogate(s[i]))
            {
                if (i + 1 >= s.Length || !char.IsSurrogatePair(s[i], s[i + 1]))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }

    static string Shown(char c) => c < ' ' || char.IsSurrogate(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString();

    /// <summary>A text of the policy as an error may repeat it: short, and on one line.</summary>
    public static string Shown(string s)
    {
        string cut = s.Length > 80 ? string.Concat(s.AsSpan(0, 77), "...") : s;
        return cut.AsSpan().ContainsAnyInRange('\0', '\u001F') ? string.Concat(cut.Select(c => c < ' ' ? Shown(c) : c.ToString())) : cut;
    }
}
