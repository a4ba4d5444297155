using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Saving;
using DisruptorStream.State.Translation;

namespace DisruptorStream.State;

/// <content>Saves records and loads them.</content>
internal sealed unsafe partial class AggregatePlan
{
    private RecordTranslation? _translation;

    /// <summary>
    /// Whether a record's bytes are all there is and mean the same everywhere. The values of other records are written
    /// accumulator by accumulator, and their failures as texts.
    /// </summary>
    public bool IsPlain => !CanFail && MaxBlockBytes == 0;

    /// <summary>Whether what is loaded was saved by records that consist of something else.</summary>
    public bool Translates => _translation is not null;

    /// <summary>Whether the records that are loaded were saved as their bytes.</summary>
    public bool LoadsPlain => _translation?.IsPlain ?? IsPlain;

    /// <summary>Records whose failures are forgotten, as nothing that can fail is left of them.</summary>
    public long ForgottenFailures => _translation?.ForgottenFailures ?? 0;

    /// <summary>From now on, what is loaded was saved by records that consist of something else.</summary>
    /// <param name="saved">What these consist of.</param>
    public void Translate(RecordedQuery saved) =>
        _translation = new RecordTranslation(saved, _accumulators, CanFail ? _marks : null);

    /// <summary>Whether not all bytes make a record.</summary>
    public bool IsChecked => Array.Exists(_accumulators, accumulator => accumulator.IsChecked);

    /// <summary>Writes what the record means: of equal records the same bytes.</summary>
    public void Save(StateWriter writer, byte* record)
    {
        if (IsPlain)
        {
            writer.WriteBytes(new ReadOnlySpan<byte>(record, RecordBytes));
            return;
        }

        // How far the accumulators of a failed record came depends on the batch: it is saved as one of no event.
        fixed (byte* initial = _initialRecord)
            SaveAccumulators(writer, CanFail && _marks.HasFailed(record) ? initial : record);
        if (CanFail)
            _marks.Save(writer, record);
    }

    private void SaveAccumulators(StateWriter writer, byte* record)
    {
        if (MaxBlockBytes == 0)
        {
            writer.WriteBytes(new ReadOnlySpan<byte>(record, _marks.Offset));
            return;
        }

        foreach (var accumulator in _accumulators)
            accumulator.Save(writer, record);
    }

    /// <summary>Makes a record of no event what was saved.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, byte* record)
    {
        if (_translation is not null)
        {
            _translation.Load(reader, record);
            if (IsChecked && !IsValid(record))
                throw reader.Invalid("an accumulator cannot have been what it is");
            return;
        }

        if (MaxBlockBytes == 0)
        {
            reader.ReadBytes(new Span<byte>(record, CanFail ? _marks.Offset : RecordBytes));
        }
        else
        {
            foreach (var accumulator in _accumulators)
                accumulator.Load(reader, record);
        }

        if (IsChecked && !IsValid(record))
            throw reader.Invalid("an accumulator cannot have been what it is");
        if (CanFail)
            _marks.Load(reader, record);
    }

    /// <summary>Whether bytes that were copied in make a record.</summary>
    public bool IsValid(byte* record)
    {
        foreach (var accumulator in _accumulators)
        {
            if (!accumulator.IsValid(record))
                return false;
        }

        return true;
    }
}
