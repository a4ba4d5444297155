using System.Text.Json.Serialization;

namespace Cluster.Load;

/// <summary>How calls are written to the log.</summary>
[JsonSerializable(typeof(Call))]
internal sealed partial class CallContext : JsonSerializerContext;
