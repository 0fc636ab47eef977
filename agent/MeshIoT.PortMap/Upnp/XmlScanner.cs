using System;
using System.Text;

namespace MeshIoT.PortMap.Upnp;

/// <summary>What <see cref="XmlScanner.Read"/> came to.</summary>
internal enum XmlToken
{
    /// <summary>The document is over, and was complete.</summary>
    End,

    /// <summary>An element begins.</summary>
    Open,

    /// <summary>An element is over; its text is complete.</summary>
    Close,

    /// <summary>This is no document we read. Nothing follows.</summary>
    Malformed,
}

/// <summary>
/// The little of XML that gateways speak: elements and text. Prefixes are cut off, attributes, comments and instructions passed over; a
/// document type, a deep nest or a tag that closes nothing ends the reading, so there are no entities to expand and nothing to fetch.
/// (The runtime's reader costs half a megabyte of native code.)
/// </summary>
internal ref struct XmlScanner
{
    const int Deepest = 32, LongestName = 64, LongestText = 1024;

    readonly (int Start, int Length)[] open = new (int, int)[Deepest];
    readonly ReadOnlySpan<char> document;
    ReadOnlySpan<char> name;
    int at, textFrom;
    bool closesToo, hasRoot;

    public XmlScanner(ReadOnlySpan<char> document) => this.document = document;

    /// <summary>How many elements are open.</summary>
    public int Depth { get; private set; }

    /// <summary>The element that was opened or closed last, without its prefix.</summary>
    public readonly string Name => Local(name).ToString();

    /// <summary>After <see cref="XmlToken.Close"/> of an element without children: its text, trimmed, entities replaced.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>The next token.</summary>
    public XmlToken Read()
    {
        if (closesToo)
        {
            closesToo = false;
            Text = string.Empty;
            return Closed();
        }

        while (true)
        {
            int mark = document[at..].IndexOf('<');
            if (mark < 0)
            {
                return Depth == 0 && hasRoot && document[at..].IsWhiteSpace() ? XmlToken.End : XmlToken.Malformed;
            }

            int textEnd = at + mark;
            if (Depth == 0 && !document[at..textEnd].Trim('\uFEFF').IsWhiteSpace())
            {
                return XmlToken.Malformed;
            }

            at = textEnd;
            ReadOnlySpan<char> rest = document[at..];
            bool passed = rest.StartsWith("<?") ? Pass("?>") : rest.StartsWith("<!--") && Pass("-->");
            if (passed)
            {
                continue;
            }

            return rest.Length < 3 || rest[1] is '!' or '?' ? XmlToken.Malformed
                : rest[1] == '/' ? ReadClose(rest, textEnd) : ReadOpen(rest);
        }
    }

    // Moves behind what ends with this; false when it does not end.
    bool Pass(string end)
    {
        int length = document[(at + 2)..].IndexOf(end);
        at = length < 0 ? document.Length : at + 2 + length + end.Length;
        return length >= 0;
    }

    XmlToken ReadOpen(ReadOnlySpan<char> rest)
    {
        int end = TagEnd(rest);
        if (end < 0 || Depth == Deepest || (Depth == 0 && hasRoot))
        {
            return XmlToken.Malformed;
        }

        bool empty = rest[end - 1] == '/';
        ReadOnlySpan<char> inner = rest[1..(empty ? end - 1 : end)];
        int length = inner.IndexOfAny(" \t\r\n");
        length = length < 0 ? inner.Length : length;
        name = inner[..length];
        if (!IsName(name))
        {
            return XmlToken.Malformed;
        }

        hasRoot = true;
        open[Depth++] = (at + 1, length);
        at += end + 1;
        textFrom = at;
        closesToo = empty;
        return XmlToken.Open;
    }

    XmlToken ReadClose(ReadOnlySpan<char> rest, int textEnd)
    {
        int end = rest.IndexOf('>');
        if (end < 0 || Depth == 0)
        {
            return XmlToken.Malformed;
        }

        (int start, int length) = open[Depth - 1];
        if (!rest[2..end].TrimEnd().SequenceEqual(document.Slice(start, length)))
        {
            return XmlToken.Malformed;
        }

        bool leaf = textFrom >= 0 && textFrom <= textEnd;
        if (!TryDecode(leaf ? document[textFrom..textEnd] : default, out string text))
        {
            return XmlToken.Malformed;
        }

        Text = text;
        at += end + 1;
        return Closed();
    }

    XmlToken Closed()
    {
        Depth--;
        name = document.Slice(open[Depth].Start, open[Depth].Length);

        // What stands around children is no text of theirs.
        textFrom = int.MaxValue;
        return XmlToken.Close;
    }

    // Where a tag ends: the first '>' outside quotation marks.
    static int TagEnd(ReadOnlySpan<char> tag)
    {
        char quote = '\0';
        for (int i = 1; i < tag.Length; i++)
        {
            char c = tag[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is '>' or '<')
            {
                return c == '>' && i > 1 ? i : -1;
            }
        }

        return -1;
    }

    static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.' or ':'))
            {
                return false;
            }
        }

        return text.Length is > 0 and <= LongestName && (char.IsAsciiLetter(text[0]) || text[0] == '_');
    }

    static ReadOnlySpan<char> Local(ReadOnlySpan<char> name) => name[(name.LastIndexOf(':') + 1)..];

    // The five entities every document has, and characters by number; an unknown one makes the text unreadable.
    static bool TryDecode(ReadOnlySpan<char> raw, out string text)
    {
        raw = raw.Trim();
        text = string.Empty;
        if (raw.Length > LongestText)
        {
            // No field we read is this long; the element is there, its text is not.
            return true;
        }

        StringBuilder built = new(raw.Length);
        while (raw.IndexOf('&') is >= 0 and int mark)
        {
            int length = raw[mark..].IndexOf(';');
            if (length < 0 || Entity(raw.Slice(mark + 1, length - 1)) is not { } character)
            {
                return false;
            }

            built.Append(raw[..mark]).Append(character);
            raw = raw[(mark + length + 1)..];
        }

        text = built.Append(raw).ToString();
        return true;
    }

    static char? Entity(ReadOnlySpan<char> body) => body switch
    {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        ['#', 'x', .. var hex] when ushort.TryParse(hex, System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort number) && number >= ' ' => (char)number,
        ['#', .. var digits] when ushort.TryParse(digits, System.Globalization.NumberStyles.None, null, out ushort number) && number >= ' ' => (char)number,
        _ => null,
    };
}
