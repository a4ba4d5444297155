using System.Globalization;
using System.Text.Json;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Orleans.Clustering;

/// <summary>
/// Orleans' table of silos as one document of a store of checkpoints: so no further server is needed.
/// </summary>
/// <remarks>
/// The store's revision is the version of the table, and each change is a compare-and-set of the whole. A table has a
/// row for each silo, of some hundred bytes. Any thread.
/// </remarks>
internal sealed class CheckpointMembershipTable : IMembershipTable
{
    private const int MostTries = 20;

    // A minute, and what the tries take.
    private const int MostWaits = 240;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(250);

    private readonly ICheckpointStore _store;
    private readonly string _document;

    /// <param name="store">Where the table is.</param>
    /// <param name="cluster">The name of the cluster.</param>
    public CheckpointMembershipTable(ICheckpointStore store, string cluster) =>
        (_store, _document) = (store, TopicNames.Checked($"orleans-{cluster}"));

    /// <summary>Waits for the store: a silo that starts while it is away joins when it is back.</summary>
    public async Task InitializeMembershipTable(bool tryInitTableVersion)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await ReadAll().ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (
                tries < MostWaits && exception is not (InvalidDataException or DamagedCheckpointException))
            {
                await Task.Delay(Wait).ConfigureAwait(false);
            }
        }
    }

    public async Task DeleteMembershipTableEntries(string clusterId) =>
        await ChangeAsync(static _ => [], null).ConfigureAwait(false);

    public async Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => await ChangeAsync(
        rows => rows.RemoveAll(row => row.Status == SiloStatus.Dead && row.LastSign < beforeDate.UtcDateTime) > 0
            ? rows
            : null,
        null).ConfigureAwait(false);

    public async Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        var (rows, version) = await ReadAsync().ConfigureAwait(false);
        return DataOf(rows.FindAll(row => row.Is(key)), version);
    }

    public async Task<MembershipTableData> ReadAll()
    {
        var (rows, version) = await ReadAsync().ConfigureAwait(false);
        return DataOf(rows, version);
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => ChangeAsync(
        rows =>
        {
            if (rows.Exists(row => row.Is(entry.SiloAddress)))
                return null;
            rows.Add(MembershipRow.Of(entry, tableVersion.Version));
            return rows;
        },
        tableVersion);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => ChangeAsync(
        rows =>
        {
            var at = rows.FindIndex(row => row.Is(entry.SiloAddress));
            if (at < 0 || !string.Equals(rows[at].Etag, etag, StringComparison.Ordinal))
                return null;
            rows[at] = MembershipRow.Of(entry, tableVersion.Version);
            return rows;
        },
        tableVersion);

    public async Task UpdateIAmAlive(MembershipEntry entry)
    {
        // Beside the versions of the table: whoever changes it meanwhile comes first, and then this.
        for (var tries = 1; ; tries++)
        {
            var (rows, version) = await ReadAsync().ConfigureAwait(false);
            var at = rows.FindIndex(row => row.Is(entry.SiloAddress));
            if (at < 0)
                return;
            rows[at] = rows[at] with { IAmAliveTime = entry.IAmAliveTime };
            try
            {
                await WriteAsync(rows, version, version.Version).ConfigureAwait(false);
                return;
            }
            catch (PartitionFencedException) when (tries < MostTries)
            {
                await Task.Delay(Random.Shared.Next(1, 20)).ConfigureAwait(false);
            }
        }
    }

    private static MembershipTableData DataOf(List<MembershipRow> rows, TableVersion version)
    {
        var entries = new List<Tuple<MembershipEntry, string>>(rows.Count);
        foreach (var row in rows)
            entries.Add(Tuple.Create(row.ToEntry(), row.Etag));
        return new MembershipTableData(entries, version);
    }

    /// <summary>Changes the table, where it is still of a version.</summary>
    /// <param name="change">Gives the rows; null to leave them.</param>
    /// <param name="next">The version that it is to have; null for the next one of any.</param>
    private async Task<bool> ChangeAsync(
        Func<List<MembershipRow>, List<MembershipRow>?> change, TableVersion? next)
    {
        for (var tries = 1; ; tries++)
        {
            var (rows, version) = await ReadAsync().ConfigureAwait(false);
            if (next is not null && next.Version != version.Version + 1)
                return false;
            if (change(rows) is not { } changed)
                return false;
            try
            {
                await WriteAsync(changed, version, version.Version + 1).ConfigureAwait(false);
                return true;
            }
            catch (PartitionFencedException) when (tries < MostTries)
            {
                // A sign of life came in between, which changes no version; or somebody else was faster.
            }
        }
    }

    private async Task<(List<MembershipRow> Rows, TableVersion Version)> ReadAsync()
    {
        var stored = await _store.ReadAsync(_document, 0, CancellationToken.None).ConfigureAwait(false);
        if (stored is null)
            return ([], new TableVersion(0, "0"));
        var table = TableOf(stored.Checkpoint.State.Span);
        return (
            table.Rows,
            new TableVersion(table.Version, stored.Revision.ToString(CultureInfo.InvariantCulture)));
    }

    /// <exception cref="InvalidDataException">It is no table: it is not waited for.</exception>
    private MembershipDocument TableOf(ReadOnlySpan<byte> document)
    {
        try
        {
            return JsonSerializer.Deserialize(document, MembershipContext.Default.MembershipDocument)
                is { Rows: not null } table
                ? table
                : throw new InvalidDataException($"The table of silos '{_document}' has no rows.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"The table of silos '{_document}' is damaged, or of something else: delete it while no silo runs.",
                exception);
        }
    }

    private async Task WriteAsync(List<MembershipRow> rows, TableVersion before, int version)
    {
        var state = JsonSerializer.SerializeToUtf8Bytes(
            new MembershipDocument(version, rows), MembershipContext.Default.MembershipDocument);
        await _store.WriteAsync(
            _document,
            0,
            new Checkpoint { Epoch = 1, Position = version, State = state },
            long.Parse(before.VersionEtag, NumberStyles.None, CultureInfo.InvariantCulture),
            CancellationToken.None).ConfigureAwait(false);
    }
}
