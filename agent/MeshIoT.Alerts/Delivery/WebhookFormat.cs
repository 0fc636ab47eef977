namespace MeshIoT.Alerts.Delivery;

/// <summary>What a webhook's body is.</summary>
public enum WebhookFormat
{
    /// <summary><see cref="AlertMessage"/> as JSON.</summary>
    Json,

    /// <summary>Plain text, the title in a header <c>Title</c> and the urgency in <c>Priority</c>, as ntfy takes them.</summary>
    Text,

    /// <summary>JSON with <c>text</c> and <c>content</c>, as chat services take it.</summary>
    Chat,
}
