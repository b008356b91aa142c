{{- define "waitingroom.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Name of objects outside the release's namespace. Releases in other namespaces may have the same name. */}}
{{- define "waitingroom.clusterName" -}}
{{- include "waitingroom.fullname" . }}.{{ .Release.Namespace }}
{{- end -}}

{{- define "waitingroom.selector" -}}
app.kubernetes.io/name: waitingroom-operator
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "waitingroom.labels" -}}
{{ include "waitingroom.selector" . }}
app.kubernetes.io/part-of: waitingroom
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "waitingroom.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "waitingroom.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "waitingroom.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}

{{/* The Secret with the address of Redis. Empty if the operator has none. */}}
{{- define "waitingroom.redisSecret" -}}
{{- if .Values.redis.existingSecret -}}
{{- .Values.redis.existingSecret -}}
{{- else if .Values.redis.url -}}
{{- include "waitingroom.fullname" . }}-redis
{{- end -}}
{{- end -}}

{{- define "waitingroom.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "waitingroom.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/*
The operator's rights. It uses each verb, and the chart's test lists them again.
Our own kinds have finalizers. When a namespace is deleted, its Roles go first, so these rights must not depend on them.
*/}}
{{- define "waitingroom.ownRules" -}}
- apiGroups: [waitingroom.dev]
  resources: [waitingrooms]
  verbs: [get, list, watch, patch]
- apiGroups: [waitingroom.dev]
  resources: [waitingroomgateways]
  # create is for the gateway called "default", when a room needs it.
  verbs: [get, list, watch, create, patch]
- apiGroups: [waitingroom.dev]
  resources: [waitingrooms/status, waitingroomgateways/status]
  verbs: [update]
# With OwnerReferencesPermissionEnforcement, as in OpenShift, an owner reference that blocks the owner's deletion needs this.
- apiGroups: [waitingroom.dev]
  resources: [waitingroomgateways/finalizers]
  verbs: [update]
{{- end -}}

{{/* The objects of a gateway. get is to see whether an object of that name has another owner. */}}
{{- define "waitingroom.rules" -}}
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch]
# To say in the gateway's status why a pod does not run.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
# The logo and the template that a room's spec.page names. The operator reads them by name.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get]
# To say in a room's status whether the Service of spec.protect has pods.
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch]
# The gateways' keys, their copy of the Redis Secret, and the Secrets that gateways name in spec.redis and rooms in
# spec.protect.bypass.signedLinks. RBAC cannot select Secrets by label. With watchNamespaces the right covers only the Secrets of these namespaces.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- end -}}
