using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace DisruptorStream.Hosting.Validation;

/// <summary>A whole number of up to 64 bits within a range; the message names option, value and range.</summary>
internal sealed class LongRangeAttribute : OptionValueAttribute
{
    public LongRangeAttribute(long least, long most)
    {
        Least = least;
        Most = most;
    }

    public long Least { get; }

    public long Most { get; }

    public long MultipleOf { get; set; } = 1;

    public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"{Multiple}{Range}");

    public override bool CanRead(string text) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _);

    private string Multiple => MultipleOf > 1
        ? string.Create(CultureInfo.InvariantCulture, $"a multiple of {MultipleOf} ")
        : "";

    private string Range => Most == long.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"at least {Least}")
        : string.Create(CultureInfo.InvariantCulture, $"between {Least} and {Most}");

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not long number || (number >= Least && number <= Most && number % MultipleOf == 0))
            return ValidationResult.Success;
        return new ValidationResult(string.Create(
            CultureInfo.InvariantCulture, $"{validationContext.DisplayName} must be {Allowed}; it was {number}."));
    }
}
