using System.Collections.Generic;

namespace MeshIoT.Web.OpenApi;

/// <summary>What the OpenAPI document says of fields, parameters and statuses. A test holds it to be whole.</summary>
internal static class FieldNotes
{
    /// <summary>Parameters of paths.</summary>
    public static readonly IReadOnlyDictionary<string, string> Parameters = new Dictionary<string, string>
    {
        ["id"] = "The sensor's id.",
    };

    /// <summary>Statuses of faults.</summary>
    public static readonly IReadOnlyDictionary<int, string> Statuses = new Dictionary<int, string>
    {
        [400] = "A parameter or the body is not right.",
        [401] = "A token is needed.",
        [403] = "The caller may not do that.",
        [404] = "There is none of that id.",
        [409] = "It cannot be done now.",
        [415] = "The body is not JSON.",
        [503] = "Too much at once; Retry-After says when to come again.",
    };

    static readonly Dictionary<string, string> Fields = new()
    {
        ["Fault.code"] = "Stable code of the catalogue.",
        ["Fault.severity"] = "low, medium or high.",
        ["Fault.message"] = "What happened and why.",
        ["Fault.next"] = "The next step.",
        ["Problem.type"] = "A URI that ends in the code.",
        ["Problem.title"] = "What happened and why.",
        ["Problem.status"] = "The HTTP status.",
        ["Problem.detail"] = "The next step.",
        ["Problem.code"] = "The fault's code; once shipped it keeps its meaning.",
        ["Problem.message"] = "What happened and why.",
        ["Problem.next"] = "The next step.",
        ["Health.health"] = "All that is wrong now, the worst first.",
        ["SensorList.gateway"] = "Host name of the gateway.",
        ["SensorList.time"] = "The gateway's clock, UTC.",
        ["SensorList.sensors"] = "The sensors.",
        ["Sensor.id"] = "Unique on its gateway.",
        ["Sensor.name"] = "Name for people.",
        ["Sensor.kind"] = "The driver that reads it.",
        ["Sensor.quantity"] = "What is measured, in Home Assistant's device-class words.",
        ["Sensor.value"] = "The last good value; absent: there never was one.",
        ["Sensor.unit"] = "Unit of the value.",
        ["Sensor.time"] = "When the value was sampled, UTC.",
        ["Sensor.quality"] = "none, good, stale or bad.",
        ["Sensor.simulated"] = "The value is computed and not measured.",
        ["Sensor.device"] = "The device it belongs to; absent: its id.",
        ["Sensor.room"] = "Where it is.",
        ["Sensor.decimals"] = "Decimals worth showing, 0 to 6.",
        ["Sensor.alarm"] = "low or high while it is beyond its limit.",
        ["Sensor.problem"] = "Why there is no good value.",
        ["Sensor.recent"] = "Means over equal parts of the time asked for, the oldest first; null: nothing was read then.",
        ["History.sensor"] = "Id of the sensor.",
        ["History.unit"] = "Unit of all values; empty when there is no history of the sensor.",
        ["History.resolution"] = "What the points were made of: raw, minute, quarter-hour, hour or day.",
        ["History.stepMs"] = "How long the span of a point is, milliseconds; 0: each point is one measured value.",
        ["History.from"] = "From then, milliseconds since 1970-01-01 UTC.",
        ["History.to"] = "Until before then.",
        ["History.points"] = "The points, in the order of time; spans without a value have none.",
        ["HistoryPoint.t"] = "When it was measured, or when its span begins; milliseconds since 1970-01-01 UTC.",
        ["HistoryPoint.min"] = "The smallest value.",
        ["HistoryPoint.mean"] = "The mean of all values.",
        ["HistoryPoint.max"] = "The largest value.",
        ["HistoryPoint.count"] = "How many values.",
        ["GatewayStatus.gateway"] = "Host name of the gateway.",
        ["GatewayStatus.version"] = "Version of the agent.",
        ["GatewayStatus.time"] = "The gateway's clock, UTC.",
        ["GatewayStatus.started"] = "When the agent started.",
        ["GatewayStatus.backendState"] = "NoState, NeedsLogin, NeedsMachineAuth, Starting, Running or Stopped.",
        ["GatewayStatus.coordinatorConnected"] = "The coordinator is connected now.",
        ["GatewayStatus.name"] = "Full name in the tailnet.",
        ["GatewayStatus.addresses"] = "Tailnet addresses.",
        ["GatewayStatus.keyExpiry"] = "When its key expires; absent: never, or not known.",
        ["GatewayStatus.homeRelay"] = "The relay by which it is reached without a direct path.",
        ["GatewayStatus.udp"] = "UDP gets through to a relay.",
        ["GatewayStatus.peers"] = "Nodes it may know, by name, at most 500.",
        ["GatewayStatus.peersTotal"] = "How many there are.",
        ["GatewayStatus.health"] = "What is wrong now.",
        ["GatewayStatus.viewer"] = "Who asks, as the gateway sees it.",
        ["Viewer.door"] = "tailnet, outside or local.",
        ["Viewer.canSwitch"] = "The caller may set outputs.",
        ["Viewer.address"] = "The address it asks from.",
        ["Viewer.name"] = "Name of its node.",
        ["Viewer.path"] = "direct, relay or -.",
        ["Viewer.relay"] = "The relay's code.",
        ["Relay.region"] = "Its number.",
        ["Relay.code"] = "Its code.",
        ["Relay.name"] = "Its name for people.",
        ["Relay.connected"] = "The gateway is connected to it.",
        ["Node.name"] = "Full name.",
        ["Node.hostName"] = "First label of the name.",
        ["Node.addresses"] = "Tailnet addresses, IPv4 first.",
        ["Node.nodeKey"] = "Its public key.",
        ["Node.online"] = "The coordinator sees it.",
        ["Node.os"] = "Its operating system.",
        ["Node.tags"] = "Its tags.",
        ["Node.path"] = "direct, relay or -.",
        ["Node.endpoint"] = "Where it is reached directly.",
        ["Node.relay"] = "The relay in use.",
        ["Node.homeRelay"] = "Its home relay.",
        ["Node.latency"] = "Round trip on the direct path, milliseconds.",
        ["Node.active"] = "Something came from it within three minutes.",
        ["Node.rxBytes"] = "Bytes received from it.",
        ["Node.txBytes"] = "Bytes sent to it.",
        ["Node.lastHandshake"] = "When the last handshake was completed.",
        ["Node.lastReceived"] = "When something last came from it.",
        ["Node.lastSeen"] = "When the coordinator last saw it.",
    };

    /// <summary>What a field means.</summary>
    public static string Of(string component, string field) => Fields[component + "." + field];
}
