using DisruptorStream.Topology.State;

namespace DisruptorStream.Building.Planning;

/// <summary>One of the keys of a stream's events.</summary>
/// <param name="Name">The user's name of it.</param>
/// <param name="Type">The type of the keys.</param>
/// <param name="Parts">The places of its parts, where it is made of others; empty where it is read from events.</param>
/// <param name="NewMaker">Makes what makes the keys, for as many of them as there may be.</param>
internal sealed record StreamKey(
    string Name, Type Type, IReadOnlyList<int> Parts, Func<int, KeyColumnMaker> NewMaker);
