namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>Waits for what other threads do.</summary>
internal static class Waiting
{
    /// <summary>Looks until it is so; two minutes at the most.</summary>
    public static async Task Until(Func<bool> reached)
    {
        for (var tries = 0; !reached(); tries++)
        {
            Assert.True(tries < 12_000, "It was not reached in two minutes.");
            await Task.Delay(tries < 50 ? 1 : 10, TestContext.Current.CancellationToken);
        }
    }
}
