using System.Text.Json.Serialization;

namespace DisruptorStream.ClusterCrash.Workloads;

/// <summary>How events and results are written.</summary>
[JsonSerializable(typeof(Call))]
[JsonSerializable(typeof(Bill))]
[JsonSerializable(typeof(Region))]
internal sealed partial class WorkloadContext : JsonSerializerContext;
