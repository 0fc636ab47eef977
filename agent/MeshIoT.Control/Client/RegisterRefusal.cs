using System;
using System.Text;
using MeshIoT.Health;

namespace MeshIoT.Control;

/// <summary>Makes a fault of the words with which a coordinator refuses a node. They may quote the auth key; the fault never does.</summary>
public static class RegisterRefusal
{
    const int ShortestPart = 5, LongestText = 4096;
    const string Redacted = "[redacted]";

    /// <summary>The fault for a non-empty <see cref="Tailcfg.RegisterResponse.Error"/>.</summary>
    /// <param name="server">The login server.</param>
    /// <param name="error">What it said: our coordinator's fault line, or free text of another.</param>
    /// <param name="authKey">The auth key that was shown, if any; nothing of it appears in the report.</param>
    public static FaultReport Explain(Uri server, string error, string? authKey)
    {
        string words = Redact(error, authKey);
        return Recognize(error, !string.IsNullOrEmpty(authKey)) is { } fault
            ? new FaultReport(fault.Fault, fault.Sentence, fault.Fault.NextStep)
            : Faults.RegistrationRefused.With(server.GetLeftPart(UriPartial.Authority), words.TrimEnd('.', ' '));
    }

    /// <summary>One printable line of at most 200 characters without the secret or any part of it of five characters or more.</summary>
    internal static string Redact(string text, string? secret)
    {
        text = text.Length > LongestText ? text[..LongestText] : text;
        if (string.IsNullOrEmpty(secret))
        {
            return Printable.Clean(text);
        }

        string bareSecret = Bare(secret);
        StringBuilder kept = new();
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (end < text.Length && IsKeyCharacter(text[end]))
            {
                end++;
            }

            if (end == at)
            {
                kept.Append(text[at++]);
                continue;
            }

            ReadOnlySpan<char> word = text.AsSpan(at, end - at);
            kept.Append(SharesPart(Bare(word), bareSecret) ? Redacted : word);
            at = end;
        }

        return Printable.Clean(kept.ToString());
    }

    static (Fault Fault, string Sentence)? Recognize(string error, bool showedKey)
    {
        bool Says(string part) => error.Contains(part, StringComparison.OrdinalIgnoreCase);
        Fault? fault =
            Says("auth-key-malformed") || (showedKey && (Says("malformed") || Says("parse") || Says("invalid format") || Says("wrong format"))) ? Faults.AuthKeyMalformed
            : Says("auth-key-used") || (showedKey && Says("already") && Says("used")) ? Faults.AuthKeyUsed
            : Says("auth-key-expired") || (showedKey && Says("expired")) ? Faults.AuthKeyExpired
            : Says("auth-key-needed") ? Faults.AuthKeyNeeded
            : Says("node-key-taken") || (Says("node") && Says("machine") && (Says("belongs") || Says("another") || Says("different") || Says("mismatch"))) ? Faults.NodeKeyTaken
            : Says("tags-not-permitted") || (Says("tags") && (Says("not permitted") || Says("invalid"))) ? Faults.TagsNotPermitted
            : Says("auth-key-unknown") || (showedKey && Says("key") && (Says("not found") || Says("invalid") || Says("unknown") || Says("bad ") || Says("not exist") || Says("revoked"))) ? Faults.AuthKeyUnknown
            : null;
        return fault is null ? null : (fault, fault == Faults.AuthKeyExpired ? "The auth key has expired." : fault.Text);
    }

    static bool IsKeyCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    // Groups of a typed key may be joined by dashes, or not, in either case.
    static string Bare(ReadOnlySpan<char> text) => text.ToString().Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>True if any five characters in a row are common to both; a shorter secret must not appear whole.</summary>
    static bool SharesPart(string word, string secret)
    {
        int length = Math.Min(ShortestPart, secret.Length);
        for (int i = 0; i + length <= secret.Length; i++)
        {
            if (word.AsSpan().Contains(secret.AsSpan(i, length), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
