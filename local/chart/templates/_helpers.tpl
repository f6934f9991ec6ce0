{{/* Labels of every object: a dict with root, name and component (may be empty). */}}
{{- define "labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{ include "selector" . }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: argocd
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- end -}}

{{/* Labels by which Services and workloads find their pods. */}}
{{- define "selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{/* Strings from the values of one of `configs`: a ConfigMap holds nothing else. */}}
{{- define "strings" -}}
{{- $strings := dict -}}
{{- range $key, $value := . }}{{ $_ := set $strings $key (toString $value) }}{{ end -}}
{{- toYaml $strings -}}
{{- end -}}

{{- define "cm" -}}
{{- $upstream := (.Files.Get "config/argocd-cm.yaml" | fromYaml).data -}}
{{- $url := dict "url" (printf "https://%s" .Values.global.domain) -}}
{{- include "strings" (mergeOverwrite $upstream $url .Values.configs.cm) -}}
{{- end -}}

{{- define "params" -}}
{{- $params := dict
  "applicationsetcontroller.enable.leader.election" (gt (int .Values.applicationSet.replicas) 1)
  "redis.server" "argocd-redis:6379"
  "repo.server" "argocd-repo-server:8081"
  "server.repo.server.strict.tls" false -}}
{{- range $program := list "applicationsetcontroller" "commitserver" "controller" "dexserver" "notificationscontroller" "reposerver" "server" -}}
{{- $_ := set $params (printf "%s.log.format" $program) "text" -}}
{{- $_ := set $params (printf "%s.log.level" $program) "info" -}}
{{- end -}}
{{- include "strings" (mergeOverwrite $params .Values.configs.params) -}}
{{- end -}}

{{- define "redis-secret-init.metadata" }}
metadata:
  name: argocd-redis-secret-init
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" . | nindent 4 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation
{{- end }}

{{- define "configmap" }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "labels" . | nindent 4 }}
{{- with .data }}
data: {{- . | nindent 2 }}
{{- end }}
{{- end }}
