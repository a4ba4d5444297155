using DisruptorStream.Sources;

namespace DisruptorStream.Topology.Durable.Remaking;

/// <summary>Which events of a source some slots were made of.</summary>
/// <param name="Name">The name of the source.</param>
/// <param name="Source">Its number.</param>
/// <param name="Position">A position of it.</param>
/// <param name="Since">How many events behind the position come before the first one.</param>
/// <param name="Hash">Of the slots.</param>
internal readonly record struct RunPlace(string Name, ushort Source, SourcePosition Position, long Since, ulong Hash);
