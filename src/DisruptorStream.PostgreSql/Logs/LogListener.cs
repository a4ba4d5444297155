using System.Collections.Concurrent;
using System.Globalization;
using DisruptorStream.PostgreSql.Connections;
using Npgsql;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>Hears of appends, from the first reader that follows to the end of the store.</summary>
/// <remarks>
/// It may miss some, while its connection is away: readers look by themselves too. Any thread.
/// </remarks>
internal sealed class LogListener
{
    private readonly ConcurrentDictionary<(int Topic, int Partition), PartitionSignal> _signals = new();
    private readonly DatabaseConnections _connections;
    private readonly PostgreSqlLogOptions _options;
    private readonly Lock _gate = new();
    private Task _listening = Task.CompletedTask;
    private bool _isListening;

    public LogListener(DatabaseConnections connections, PostgreSqlLogOptions options)
    {
        _connections = connections;
        _options = options;
    }

    /// <summary>What an append says to those who listen.</summary>
    public static string PayloadOf(int topic, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}");

    public PartitionSignal Of(int topic, int partition) =>
        _signals.GetOrAdd((topic, partition), static _ => new PartitionSignal());

    /// <summary>Begins to listen, unless it does.</summary>
    public void Start(string channel)
    {
        if (!_options.Notifies)
            return;
        lock (_gate)
        {
            if (_isListening)
                return;
            _isListening = true;
            _listening = Task.Run(() => ListenAsync(channel, _connections.Ended), CancellationToken.None);
        }
    }

    /// <summary>Waits for its end, behind that of the connections.</summary>
    public Task EndAsync()
    {
        lock (_gate)
            _isListening = true;
        return _listening;
    }

    private async Task ListenAsync(string channel, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                try
                {
                    await using var connection = await _connections.OpenAsync(ended).ConfigureAwait(false);
                    connection.Notification += (_, heard) => Wake(heard.Payload);
                    await RunAsync(connection, $"LISTEN {channel}", ended).ConfigureAwait(false);
                    WakeAll();
                    await HearAsync(connection, ended).ConfigureAwait(false);
                }
                catch (Exception failure)
                    when (failure is not OperationCanceledException and not ObjectDisposedException)
                {
                    // The readers look by themselves meanwhile, and tell what is wrong.
                }

                await Task.Delay(_options.PollInterval, ended).ConfigureAwait(false);
            }
        }
        catch (Exception ending) when (ending is OperationCanceledException or ObjectDisposedException)
        {
            // The store was disposed of.
        }
    }

    private async ValueTask HearAsync(NpgsqlConnection connection, CancellationToken ended)
    {
        while (true)
        {
            // A connection whose other end has gone silently is found out.
            if (!await connection.WaitAsync(_options.Timeout, ended).ConfigureAwait(false))
                await RunAsync(connection, "SELECT 1", ended).ConfigureAwait(false);
        }
    }

    private async ValueTask RunAsync(NpgsqlConnection connection, string text, CancellationToken ended)
    {
        await using var command = _connections.Command(connection, text);
        await command.ExecuteNonQueryAsync(ended).ConfigureAwait(false);
    }

    private void Wake(string payload)
    {
        var slash = payload.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0
            && int.TryParse(payload.AsSpan(0, slash), CultureInfo.InvariantCulture, out var topic)
            && int.TryParse(payload.AsSpan(slash + 1), CultureInfo.InvariantCulture, out var partition)
            && _signals.TryGetValue((topic, partition), out var signal))
        {
            signal.Set();
        }
    }

    private void WakeAll()
    {
        foreach (var signal in _signals)
            signal.Value.Set();
    }
}
