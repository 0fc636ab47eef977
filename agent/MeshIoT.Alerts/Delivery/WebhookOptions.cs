using System;

namespace MeshIoT.Alerts.Delivery;

/// <summary>Where a webhook goes.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Url">http or https; its path and query may be a secret and are never shown.</param>
/// <param name="Format">How the body looks.</param>
/// <param name="TokenFile">A file with a token for <c>Authorization: Bearer</c>; null: none.</param>
public sealed record WebhookOptions(string Name, Uri Url, WebhookFormat Format = WebhookFormat.Json, string? TokenFile = null);
