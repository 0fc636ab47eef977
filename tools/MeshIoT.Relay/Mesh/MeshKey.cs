using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using MeshIoT.Health;

namespace MeshIoT.Relay;

/// <summary>The secret that the relays of one region share: 32 bytes, 64 hex digits in a file. It never prints itself.</summary>
public sealed class MeshKey
{
    const int Digits = 64;

    readonly string text;

    MeshKey(string text) => this.text = text;

    /// <summary>Reads a key's text form.</summary>
    public static bool TryParse(string? text, out MeshKey? key)
    {
        string trimmed = (text ?? "").Trim();
        bool good = trimmed.Length == Digits && trimmed.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") < 0;
        key = good ? new MeshKey(trimmed.ToLowerInvariant()) : null;
        return good;
    }

    /// <summary>Reads it from a file.</summary>
    /// <exception cref="FaultException">There is none, or something else is in it.</exception>
    public static MeshKey Read(string path)
    {
        try
        {
            return TryParse(File.ReadAllText(path), out MeshKey? key) ? key! : throw Faults.RelayOptionInvalid.With("--mesh-key", "the file does not hold 64 hex digits (openssl rand -hex 32 makes them)").ToException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.RelayOptionInvalid.With("--mesh-key", "the file cannot be read").ToException(e);
        }
    }

    /// <summary>Whether a client has shown this key; takes the same time for every wrong one.</summary>
    public bool Matches(string? shown) =>
        shown is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(shown));

    /// <summary>The text to show to another relay.</summary>
    internal string Reveal() => text;

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
