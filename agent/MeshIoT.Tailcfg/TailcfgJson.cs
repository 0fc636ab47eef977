using System.Text.Encodings.Web;
using System.Text.Json;

namespace MeshIoT.Tailcfg;

/// <summary>
/// How every coordination message is read and written: names read in any case and written as Go writes them, unset members left out,
/// and no escapes beyond what JSON demands (tailscale-rs cannot read them). Bad input ends in <see cref="JsonException"/>, nothing else.
/// control-plane.md section 0.
/// </summary>
public static class TailcfgJson
{
    /// <summary>The metadata of all wire types, with the wire's rules: <c>JsonSerializer.Deserialize(bytes, TailcfgJson.Default.MapResponse)</c>.</summary>
    public static TailcfgContext Default { get; } = new(new JsonSerializerOptions(TailcfgContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
