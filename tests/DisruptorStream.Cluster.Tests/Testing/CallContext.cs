using System.Text.Json.Serialization;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>How events and results of the tests are written.</summary>
[JsonSerializable(typeof(Call))]
[JsonSerializable(typeof(Bill))]
[JsonSerializable(typeof(Drop))]
internal sealed partial class CallContext : JsonSerializerContext;
