namespace DisruptorStream.Properties.Queries;

/// <summary>An event of random streams. Costs are whole numbers, so that sums are exact in any order.</summary>
/// <param name="Time">In ticks.</param>
/// <param name="Tenant">One key.</param>
/// <param name="User">Another one.</param>
/// <param name="Cost">What is summed up.</param>
internal readonly record struct Order(long Time, string Tenant, int User, double Cost);
