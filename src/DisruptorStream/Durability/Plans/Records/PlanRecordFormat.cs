using System.IO.Hashing;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Durability.Plans.Records;

/// <summary>
/// A recorded plan as bytes: a saved state with one section. It lies in the headers of snapshots, in frames of the
/// journal, and in files that plans were exported to.
/// </summary>
internal static class PlanRecordFormat
{
    private const int Version = 1;

    /// <summary>More than any plan has of anything.</summary>
    private const int Most = 1 << 20;

    /// <summary>The bytes of a plan; of equal plans the same ones.</summary>
    public static byte[] Write(RecordedPlan plan)
    {
        using var bytes = new MemoryStream();
        using (var writer = new StateWriter(bytes, new StateHeader(0, StateFormat.NoSequence)))
        {
            writer.Begin(SectionTag.Plan, Version);
            Write(writer, plan);
            writer.End();
            writer.Complete();
        }

        return bytes.ToArray();
    }

    /// <summary>Reads a plan; nothing follows it.</summary>
    /// <exception cref="StateException">It is damaged, or of a newer release.</exception>
    public static RecordedPlan Read(ReadOnlySpan<byte> bytes)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        using var reader = new StateReader(stream);
        reader.Begin(SectionTag.Plan, Version);
        var plan = ReadPlan(reader);
        reader.End();
        reader.Complete();
        return stream.Position == stream.Length ? plan : throw new StateException(
            "Something follows the recorded plan; restore it from a copy.");
    }

    /// <summary>
    /// Of all that results depend on. Not of what is only for people, nor of how records lie in memory.
    /// </summary>
    public static Fingerprint FingerprintOf(RecordedPlan plan)
    {
        var queries = new RecordedQuery[plan.Queries.Count];
        for (var query = 0; query < queries.Length; query++)
            queries[query] = WithoutTexts(plan.Queries[query]);
        var bare = plan with { Revision = 0, Name = "", Zones = [], TimeZoneVersion = "", Queries = queries };
        var hash = XxHash128.HashToUInt128(Write(bare));
        return new Fingerprint((ulong)(hash >> 64), (ulong)hash);
    }

    private static RecordedQuery WithoutTexts(RecordedQuery query) => query with
    {
        Meaning = Array.ConvertAll([.. query.Meaning], static part => part with { Text = "" }),
        Metrics = Array.ConvertAll([.. query.Metrics], static metric => metric with { Accumulator = -1 }),
        Accumulators = [],
        RecordBytes = 0,
        MarksOffset = -1,
        FixedMetrics = "",
    };

    private static void Write(StateWriter writer, RecordedPlan plan)
    {
        writer.WriteCount(plan.Revision);
        writer.WriteText(plan.Name);
        WriteFlag(writer, plan.IsStream);
        WriteFlag(writer, plan.ProcessingTime);
        WriteFlag(writer, plan.HoldsEvents);
        WriteFlag(writer, plan.HasKeyZones);
        writer.WriteText(plan.TimeZoneVersion);
        WriteList(writer, plan.Keys, static (to, key) =>
        {
            to.WriteText(key.Name);
            to.WriteText(key.Type);
            Write(to, key.Identity);
        });
        WriteList(writer, plan.Measures, static (to, measure) =>
        {
            to.WriteText(measure.Name);
            to.WriteText(measure.Type);
            to.WriteCount(measure.SymbolTable + 1);
        });
        WriteList(writer, plan.Filters, static (to, filter) => to.WriteText(filter));
        WriteList(writer, plan.Options, Write);
        WriteList(writer, plan.Zones, static (to, zone) =>
        {
            to.WriteText(zone.Id);
            Write(to, zone.Rules);
        });
        WriteList(writer, plan.Queries, Write);
    }

    private static RecordedPlan ReadPlan(StateReader reader) => new()
    {
        Revision = (int)reader.ReadNumber(int.MaxValue, "the number of changes"),
        Name = reader.ReadText(),
        IsStream = reader.ReadFlag(),
        ProcessingTime = reader.ReadFlag(),
        HoldsEvents = reader.ReadFlag(),
        HasKeyZones = reader.ReadFlag(),
        TimeZoneVersion = reader.ReadText(),
        Keys = ReadList(reader, "keys", static from =>
            new RecordedKey(from.ReadText(), from.ReadText(), ReadFingerprint(from))),
        Measures = ReadList(reader, "measures", static from =>
            new RecordedMeasure(from.ReadText(), from.ReadText(), (int)from.ReadNumber(Most, "a table") - 1)),
        Filters = ReadList(reader, "filters", static from => from.ReadText()),
        Options = ReadList(reader, "options", ReadOption),
        Zones = ReadList(reader, "time zones", static from =>
            new RecordedZone(from.ReadText(), ReadFingerprint(from))),
        Queries = ReadList(reader, "queries", ReadQuery),
    };

    private static void Write(StateWriter writer, RecordedQuery query)
    {
        writer.WriteText(query.Name);
        WriteList(writer, query.Meaning, static (to, part) =>
        {
            to.WriteText(part.Name);
            to.WriteText(part.Text);
            Write(to, part.Identity);
        });
        WriteList(writer, query.Metrics, Write);
        WriteList(writer, query.Accumulators, Write);
        writer.WriteCount(query.RecordBytes);
        writer.WriteCount(query.MarksOffset + 1);
        writer.WriteText(query.FixedMetrics);
        WriteList(writer, query.Options, Write);
    }

    private static RecordedQuery ReadQuery(StateReader reader) => new()
    {
        Name = reader.ReadText(),
        Meaning = ReadList(reader, "points", static from =>
            new RecordedPart(from.ReadText(), from.ReadText(), ReadFingerprint(from))),
        Metrics = ReadList(reader, "metrics", ReadMetric),
        Accumulators = ReadList(reader, "accumulators", ReadAccumulator),
        RecordBytes = (int)reader.ReadNumber(Most, "the length of a record"),
        MarksOffset = (int)reader.ReadNumber(Most, "the place of the marks") - 1,
        FixedMetrics = reader.ReadText(),
        Options = ReadList(reader, "options", ReadOption),
    };

    private static void Write(StateWriter writer, RecordedMetric metric)
    {
        writer.WriteText(metric.Name);
        writer.WriteText(metric.Text);
        writer.WriteCount(metric.Accumulator + 1);
        WriteList(writer, metric.Sources, static (to, source) => Write(to, source));
        WriteFlag(writer, metric.IsCount);
        WriteOptional(writer, metric.Filter);
    }

    private static RecordedMetric ReadMetric(StateReader reader) => new()
    {
        Name = reader.ReadText(),
        Text = reader.ReadText(),
        Accumulator = (int)reader.ReadNumber(Most, "an accumulator") - 1,
        Sources = ReadList(reader, "accumulators of a metric", static from => ReadFingerprint(from)),
        IsCount = reader.ReadFlag(),
        Filter = ReadOptional(reader),
    };

    private static void Write(StateWriter writer, RecordedAccumulator accumulator)
    {
        Write(writer, accumulator.Identity);
        writer.WriteText(accumulator.Text);
        writer.WriteCount(accumulator.Offset);
        writer.WriteCount(accumulator.SizeBytes);
        WriteFlag(writer, accumulator.CountsEvents);
        WriteOptional(writer, accumulator.Filter);
        WriteFlag(writer, accumulator.HasBlocks);
        WriteFlag(writer, accumulator.Form is not null);
        if (accumulator.Form is not { } form)
            return;
        writer.WriteCount(form.Kind);
        writer.WriteCount(form.MeasureType);
        writer.WriteCount(form.WeightType + 1);
        writer.WriteInt64(BitConverter.DoubleToInt64Bits(form.Parameter));
    }

    private static RecordedAccumulator ReadAccumulator(StateReader reader) => new()
    {
        Identity = ReadFingerprint(reader),
        Text = reader.ReadText(),
        Offset = (int)reader.ReadNumber(Most, "the place of an accumulator"),
        SizeBytes = (int)reader.ReadNumber(Most, "the length of an accumulator"),
        CountsEvents = reader.ReadFlag(),
        Filter = ReadOptional(reader),
        HasBlocks = reader.ReadFlag(),
        Form = !reader.ReadFlag() ? null : new RecordedForm(
            (int)reader.ReadNumber(byte.MaxValue, "a kind"),
            (int)reader.ReadNumber(byte.MaxValue, "a type"),
            (int)reader.ReadNumber(byte.MaxValue, "a type") - 1,
            BitConverter.Int64BitsToDouble(reader.ReadInt64())),
    };

    private static void Write(StateWriter writer, RecordedOption option)
    {
        writer.WriteText(option.Name);
        writer.WriteText(option.Value);
    }

    private static RecordedOption ReadOption(StateReader reader) => new(reader.ReadText(), reader.ReadText());

    private static void Write(StateWriter writer, in Fingerprint fingerprint)
    {
        writer.WriteInt64((long)fingerprint.High);
        writer.WriteInt64((long)fingerprint.Low);
    }

    private static Fingerprint ReadFingerprint(StateReader reader) =>
        new((ulong)reader.ReadInt64(), (ulong)reader.ReadInt64());

    private static void WriteFlag(StateWriter writer, bool flag) => writer.WriteByte(flag ? (byte)1 : (byte)0);

    private static void WriteOptional(StateWriter writer, string? text)
    {
        WriteFlag(writer, text is not null);
        if (text is not null)
            writer.WriteText(text);
    }

    private static string? ReadOptional(StateReader reader) => reader.ReadFlag() ? reader.ReadText() : null;

    private static void WriteList<T>(StateWriter writer, IReadOnlyList<T> items, Action<StateWriter, T> write)
    {
        writer.WriteCount(items.Count);
        foreach (var item in items)
            write(writer, item);
    }

    private static T[] ReadList<T>(StateReader reader, string what, Func<StateReader, T> read)
    {
        var items = new T[reader.ReadCount(1, what, Most)];
        for (var index = 0; index < items.Length; index++)
            items[index] = read(reader);
        return items;
    }
}
