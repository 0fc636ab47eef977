namespace MeshIoT.Alerts;

/// <summary>The body that chat services take from a webhook: <c>text</c> (Slack, Mattermost, Rocket.Chat, Teams) and <c>content</c> (Discord).</summary>
internal sealed record ChatMessage(string Text, string Content);
