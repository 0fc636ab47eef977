using System;

namespace MeshIoT.Coordinator;

/// <summary>A tag: <c>tag:</c>, a letter, then letters, digits and dashes.</summary>
internal static class TagName
{
    public const int MaxLength = 64;

    public static bool IsValid(string? tag)
    {
        if (tag is null || tag.Length is < 5 or > MaxLength || !tag.StartsWith("tag:", StringComparison.Ordinal) || !char.IsAsciiLetter(tag[4]))
        {
            return false;
        }

        foreach (char c in tag.AsSpan(5))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
