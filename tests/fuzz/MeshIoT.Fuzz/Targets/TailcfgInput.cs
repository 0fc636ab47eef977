using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using MeshIoT.Fuzz.Engine;
using MeshIoT.Tailcfg;

namespace MeshIoT.Fuzz.Targets;

/// <summary>Messages of both directions as JSON: a message, or a JsonException. What was read can be printed and written again.</summary>
sealed class TailcfgInput : FuzzTarget
{
    public override string Name => "tailcfg-json";

    public override long MostAllocated => 1024 * 1024;

    public override int BytesPerByte => 1024;

    public override IEnumerable<byte[]> Seeds =>
    [
        Encoding.UTF8.GetBytes(MapFrames.Frame),
        Fixed.Ascii("{\"Version\":130,\"NodeKey\":\"nodekey:50d20b455ecf12bc453f83c2cfdb2a24925d06cf2598dcaa54e91af82ce9f765\",\"DiscoKey\":\"discokey:50d20b455ecf12bc453f83c2cfdb2a24925d06cf2598dcaa54e91af82ce9f765\",\"Endpoints\":[\"1.2.3.4:5\"],\"EndpointTypes\":[1],\"Hostinfo\":{\"OS\":\"linux\",\"NetInfo\":{\"PreferredDERP\":900}},\"Stream\":true,\"Compress\":\"zstd\"}"),
        Fixed.Ascii("{\"Version\":130,\"NodeKey\":\"nodekey:50d20b455ecf12bc453f83c2cfdb2a24925d06cf2598dcaa54e91af82ce9f765\",\"Auth\":{\"AuthKey\":\"x\"},\"Expiry\":\"0001-01-01T00:00:00Z\",\"Followup\":\"\",\"Hostinfo\":{\"Hostname\":\"a\"}}"),
        Fixed.Ascii("{\"User\":{\"ID\":1},\"Login\":{\"ID\":1},\"NodeKeyExpired\":false,\"MachineAuthorized\":true,\"AuthURL\":\"https://a/b\",\"Error\":\"\"}"),
    ];

    public override void Run(byte[] input)
    {
        try
        {
            switch (input.Length % 4)
            {
                case 0: Again(JsonSerializer.Deserialize(input, TailcfgJson.Default.MapResponse), TailcfgJson.Default.MapResponse); break;
                case 1: Again(JsonSerializer.Deserialize(input, TailcfgJson.Default.MapRequest), TailcfgJson.Default.MapRequest); break;
                case 2: Again(JsonSerializer.Deserialize(input, TailcfgJson.Default.RegisterRequest), TailcfgJson.Default.RegisterRequest); break;
                default: Again(JsonSerializer.Deserialize(input, TailcfgJson.Default.RegisterResponse), TailcfgJson.Default.RegisterResponse); break;
            }
        }
        catch (JsonException)
        {
            // The only exception that readers are told to expect.
        }
    }

    static void Again<T>(T? message, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        if (message is not null)
        {
            _ = message.ToString();
            JsonSerializer.SerializeToUtf8Bytes(message, type);
        }
    }
}
