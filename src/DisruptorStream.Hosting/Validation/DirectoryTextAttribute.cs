using System.ComponentModel.DataAnnotations;

namespace DisruptorStream.Hosting.Validation;

/// <summary>The path of a directory, or null for none.</summary>
internal sealed class DirectoryTextAttribute : OptionValueAttribute
{
    public override string Allowed => "the path of a directory";

    public override bool CanRead(string text) => !string.IsNullOrWhiteSpace(text);

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string text || CanRead(text)
            ? ValidationResult.Success
            : new ValidationResult($"{validationContext.DisplayName} must be {Allowed}; it was '{text}'.");
}
