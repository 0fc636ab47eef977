using System.Collections.Generic;

namespace MeshIoT.Alerts.Delivery;

/// <summary>Where e-mail goes.</summary>
/// <param name="Server">The mail server that takes it.</param>
/// <param name="Port">Its port: 587 for submission, 25 within a network. The old port 465, which begins with TLS, is not supported.</param>
/// <param name="From">Address of the sender.</param>
/// <param name="To">Addresses of those who are told.</param>
public sealed record EmailOptions(string Server, int Port, string From, IReadOnlyList<string> To)
{
    /// <summary>Name to sign in with; empty: without signing in.</summary>
    public string User { get; init; } = "";

    /// <summary>A file with the password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>STARTTLS; nothing is sent without it while this is true.</summary>
    public bool UsesTls { get; init; } = true;
}
