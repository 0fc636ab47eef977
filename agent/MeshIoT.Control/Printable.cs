using System.Text;

namespace MeshIoT.Control;

/// <summary>Makes text of the other side fit to show: one line, no control characters, not long.</summary>
internal static class Printable
{
    const int MaxLength = 200;

    public static string Clean(string text)
    {
        StringBuilder clean = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxLength)
            {
                break;
            }

            // Format characters include the ones that turn the direction of writing.
            bool shown = !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not (
                System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.PrivateUse);
            clean.Append(shown ? rune.ToString() : " ");
        }

        return clean.ToString().Trim();
    }
}
