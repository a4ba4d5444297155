using DisruptorStream.Emission;

namespace DisruptorStream.Hosting;

/// <summary>Reads the results of a hosted processor at its own pace, and may await meanwhile.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public interface IResultReader<TKey>
{
    /// <summary>
    /// Reads all results. Called once, before the host's other services start, on a thread of its own: it may block.
    /// </summary>
    /// <param name="results">End when the processor has stopped. Their memory is their own.</param>
    /// <param name="cancellationToken">Cancelled when the host's shutdown time-out is over.</param>
    /// <returns>
    /// Completes when the results end. To return before, or to throw, is a failure: it is logged, and stops the host
    /// where <see cref="HostedProcessorOptions.StopHostOnFault"/> says so.
    /// </returns>
    Task ReadAsync(IAsyncEnumerable<WindowResult<TKey>> results, CancellationToken cancellationToken);
}
