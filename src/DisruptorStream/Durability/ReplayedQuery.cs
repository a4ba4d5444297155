namespace DisruptorStream.Durability;

/// <summary>The results of a query that a replay gave.</summary>
/// <param name="Name">The query; for the only one of a processor, the name that the processor had.</param>
/// <param name="FirstNumber">The number of the first result that it could give.</param>
/// <param name="LastNumber">
/// The number of the last one that the recorded slots gave; one less than <paramref name="FirstNumber"/> for none.
/// </param>
/// <param name="OpenResults">How many panes fired because the replay ended the input; 0 where it did not.</param>
public sealed record ReplayedQuery(string Name, long FirstNumber, long LastNumber, long OpenResults);
