using System.Text.Json.Serialization;

namespace DisruptorStream.Orleans.Clustering;

/// <summary>How the table is written.</summary>
[JsonSerializable(typeof(MembershipDocument))]
internal sealed partial class MembershipContext : JsonSerializerContext;
